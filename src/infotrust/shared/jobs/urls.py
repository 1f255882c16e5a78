from django.urls import path

from infotrust.shared.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.job_list, name="list"),
    path("<int:number>/", views.job_page, name="job"),
    path("<int:number>/progress/", views.progress, name="progress"),
    path("<int:number>/retry/", views.retry, name="retry"),
]
