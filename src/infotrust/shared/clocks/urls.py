from django.urls import path

from infotrust.shared.clocks import views

app_name = "clocks"
urlpatterns = [
    path("", views.clocks, name="clocks"),
    path("mail/", views.mail, name="mail"),
    path("cover/", views.cover, name="cover"),
    path("cover/<int:number>/end/", views.end_cover, name="end-cover"),
]
