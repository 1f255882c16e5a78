from django.urls import path

from infotrust.stages.agreements import views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_list, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:code>/", views.agreement, name="agreement"),
    path("<slug:code>/text/", views.text, name="text"),
    path("<slug:code>/terms/", views.terms, name="terms"),
    path("<slug:code>/datasets/", views.datasets, name="datasets"),
    path("<slug:code>/datasets/<slug:dataset>/", views.fields, name="fields"),
    path("<slug:code>/datasets/<slug:dataset>/remove/", views.remove, name="remove"),
    path("<slug:code>/submit/", views.submit, name="submit"),
    path("<slug:code>/review/", views.review, name="review"),
    path("<slug:code>/sign/", views.sign, name="sign"),
    path("<slug:code>/reopen/", views.reopen, name="reopen"),
    path("<slug:code>/end/", views.end, name="end"),
]
