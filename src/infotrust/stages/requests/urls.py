from django.urls import path

from infotrust.stages.requests import license_views, paper_views, review_views, views

app_name = "requests"
urlpatterns = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("fit/", views.fit_screen, name="fit"),
    path("licenses/<slug:code>/", license_views.license_page, name="license"),
    path("licenses/<slug:code>/license.<slug:kind>", paper_views.license_paper, name="license_paper"),
    path("licenses/<slug:code>/certificate.<slug:kind>", paper_views.certificate_paper, name="certificate_paper"),
    path("licenses/<slug:code>/acknowledge/", license_views.acknowledge, name="acknowledge"),
    path("licenses/<slug:code>/amend/", license_views.amend, name="amend"),
    path("licenses/<slug:code>/revoke/", license_views.revoke, name="revoke"),
    path("licenses/<slug:code>/extend/", license_views.ask_to_extend, name="extend"),
    path("licenses/<slug:code>/certificate/", license_views.certify, name="certify"),
    path("<slug:code>/", views.request_page, name="request"),
    path("<slug:code>/request.<slug:kind>", paper_views.request_paper, name="request_paper"),
    path("<slug:code>/papers/", views.papers, name="papers"),
    path("<slug:code>/papers/<int:number>/", views.paper, name="paper"),
    path("<slug:code>/papers/<int:number>/remove/", views.remove_paper, name="remove_paper"),
    path("<slug:code>/form/<slug:key>/", views.section, name="section"),
    path("<slug:code>/form/<slug:key>/keep/", views.keep, name="keep"),
    path("<slug:code>/submit/", views.submit, name="submit"),
    path("<slug:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:code>/comment/", review_views.comment, name="comment"),
    path("<slug:code>/check/", review_views.check, name="check"),
    path("<slug:code>/answer/", review_views.answer, name="answer"),
    path("<slug:code>/board/", review_views.ask_board, name="ask_board"),
    path("<slug:code>/decide/", review_views.decide, name="decide"),
    path("<slug:code>/license/", license_views.issue, name="issue"),
]
