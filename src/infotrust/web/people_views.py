"""Pages where administrators add people and give roles."""
from infotrust.web.desk_views import home

people = add_person = person = add_agency = home
