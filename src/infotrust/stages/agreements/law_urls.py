from django.urls import path

from infotrust.stages.agreements import law_views

app_name = "law"
urlpatterns = [
    path("", law_views.register, name="register"),
    path("words/", law_views.words, name="words"),
    path("words/<slug:dataset>/", law_views.sort_fields, name="sort"),
    path("regime/<slug:code>/", law_views.regime, name="regime"),
]
