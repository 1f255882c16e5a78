from django.urls import path

from infotrust.stages.inventory import views

app_name = "inventory"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("sources/add/", views.add_source, name="add-source"),
    path("sources/<slug:code>/", views.edit_source, name="edit-source"),
    path("datasets/add/", views.add_dataset, name="add-dataset"),
    path("datasets/<slug:code>/", views.dataset, name="dataset"),
    path("datasets/<slug:code>/edit/", views.edit_dataset, name="edit-dataset"),
    path("datasets/<slug:code>/fields/add/", views.add_field, name="add-field"),
    path("datasets/<slug:code>/fields/<slug:name>/", views.edit_field, name="edit-field"),
    path("datasets/<slug:code>/fields/<slug:name>/retire/", views.retire_field, name="retire-field"),
    path("datasets/<slug:code>/fields/<slug:name>/reinstate/", views.reinstate_field, name="reinstate-field"),
]
