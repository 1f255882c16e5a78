from django.urls import path

from infotrust.shared.permissions import views

app_name = "permissions"
urlpatterns = [path("", views.access, name="access")]
