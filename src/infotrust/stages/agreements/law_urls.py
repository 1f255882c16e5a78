from django.urls import path

from infotrust.stages.agreements import law_views

app_name = "law"
urlpatterns = [path("", law_views.register, name="register"), path("<slug:code>/", law_views.regime, name="regime")]
