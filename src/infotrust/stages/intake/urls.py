from django.urls import path

from infotrust.stages.intake import views

app_name = "intake"
urlpatterns = [
    path("", views.delivery_list, name="list"),
    path("send/<slug:dataset>/", views.send, name="send"),
    path("contracts/<slug:dataset>.yaml", views.contract_file, name="contract"),
    path("<int:number>/", views.delivery_page, name="delivery"),
    path("<int:number>/outcome/", views.outcome, name="outcome"),
    path("<int:number>/quarantine/", views.quarantine, name="quarantine"),
]
