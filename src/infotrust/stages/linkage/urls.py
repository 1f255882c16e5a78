from django.urls import path

from infotrust.stages.linkage import views

app_name = "linkage"
urlpatterns = [
    path("", views.index, name="index"),
    path("start/", views.start, name="start"),
    path("<int:number>/", views.run, name="run"),
]
