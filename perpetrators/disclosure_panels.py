"""What the disclosure scheme adds to the pages of a victim and of a person asked about."""

from perpetrators import parts
from perpetrators.pages.disclosure import about_person, of_victim
from victims import panels

panels.register("aside", 38, "perpetrators/disclosure/of_victim.html", of_victim)
parts.register("aside", 50, "perpetrators/disclosure/about_person.html", about_person)
