"""What this app itself shows of a person complained of; others register theirs between."""

from perpetrators import parts
from perpetrators.pages import people

HERE = "perpetrators/people"

parts.register("main", 10, f"{HERE}/releases.html", people.releases)
parts.register("main", 20, f"{HERE}/bail.html", people.bail)
parts.register("main", 30, f"{HERE}/court.html", people.court)
parts.register("main", 40, f"{HERE}/custody.html", people.custody_history)
parts.register("main", 60, f"{HERE}/incidents.html", people.incidents)
parts.register("aside", 10, f"{HERE}/victims.html", people.victims)
parts.register("aside", 90, f"{HERE}/known_as.html", people.also_known_as)
