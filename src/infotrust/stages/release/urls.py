from django.urls import path

from infotrust.stages.release import views

app_name = "release"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("submit/<int:output>/", views.submit, name="submit"),
    path("<int:number>/", views.release, name="release"),
    path("<int:number>/start/", views.start_check, name="start"),
    path("<int:number>/check/", views.check, name="check"),
    path("<int:number>/publish/", views.publish, name="publish"),
    path("<int:number>/withdraw/", views.withdraw, name="withdraw"),
]
