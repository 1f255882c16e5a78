from django.urls import path

from infotrust.stages.agreements import clause_views, views

app_name = "agreements"
urlpatterns = [
    path("", views.agreement_list, name="list"),
    path("new/", views.new, name="new"),
    path("library/", clause_views.clause_library, name="library"),
    path("library/keep/", clause_views.keep, name="keep"),
    path("library/kinds/<slug:kind>/", clause_views.rename, name="rename"),
    path("<slug:code>/", views.agreement, name="agreement"),
    path("<slug:code>/text/", views.text, name="text"),
    path("<slug:code>/terms/", views.terms, name="terms"),
    path("<slug:code>/datasets/", views.datasets, name="datasets"),
    path("<slug:code>/datasets/<slug:dataset>/", views.fields, name="fields"),
    path("<slug:code>/datasets/<slug:dataset>/remove/", views.remove, name="remove"),
    path("<slug:code>/clauses/", clause_views.clauses, name="clauses"),
    path("<slug:code>/clauses/write/", clause_views.write, name="write"),
    path("<slug:code>/clauses/<slug:key>/", clause_views.choose, name="choose"),
    path("<slug:code>/clauses/<slug:key>/write/", clause_views.write, name="reword"),
    path("<slug:code>/clauses/<slug:key>/drop/", clause_views.drop, name="drop"),
    path("<slug:code>/start/", clause_views.start_from, name="start"),
    path("<slug:code>/differing/", clause_views.differing, name="differing"),
    path("<slug:code>/submit/", views.submit, name="submit"),
    path("<slug:code>/review/", views.review, name="review"),
    path("<slug:code>/sign/", views.sign, name="sign"),
    path("<slug:code>/reopen/", views.reopen, name="reopen"),
    path("<slug:code>/end/", views.end, name="end"),
]
