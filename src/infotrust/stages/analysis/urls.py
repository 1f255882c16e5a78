from django.urls import path

from infotrust.stages.analysis import views

app_name = "analysis"
urlpatterns = [
    path("", views.index, name="index"),
    path("draft/", views.draft, name="draft"),
    path("outputs/<int:number>/", views.output, name="output"),
    path("<slug:code>/", views.question, name="question"),
    path("<slug:code>/<int:version>/", views.question, name="version"),
    path("<slug:code>/<int:version>/edit/", views.edit, name="edit"),
    path("<slug:code>/<int:version>/submit/", views.submit, name="submit"),
    path("<slug:code>/<int:version>/review/", views.review, name="review"),
    path("<slug:code>/<int:version>/retire/", views.retire, name="retire"),
    path("<slug:code>/<int:version>/run/", views.run, name="run"),
]
