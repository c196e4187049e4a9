"""What a script does that knows PyMISP and nothing of Comity."""

import csv
import io
import json
import sys
import uuid

from pymisp import (
    MISPAttribute,
    MISPEvent,
    MISPObject,
    MISPSighting,
    MISPTag,
    PyMISP,
    PyMISPError,
)


def refused(answer, status):
    assert isinstance(answer, dict) and answer["errors"][0] == status, answer
    return answer["errors"][1]


def connect(misp):
    assert misp.misp_instance_version["version"]
    assert misp.recommended_pymisp_version["version"]
    assert "ip-dst" in misp.describe_types["types"]
    me = misp.get_user()
    assert me["User"]["email"].startswith("script@"), me
    orgs = misp.organisations(pythonify=True)
    assert [org.name for org in orgs] == ["XA"], orgs
    assert misp.get_organisation(orgs[0], pythonify=True).uuid == orgs[0].uuid
    assert misp.roles()[0]["Role"]["perm_add"] is True


def an_event():
    event = MISPEvent()
    event.info = "Phishing of a ministry"
    event.add_tag("tlp:green")
    event.add_attribute("ip-dst", "198.51.100.7", comment="=1+1")
    thing = MISPObject("file", standalone=False)
    thing.add_attribute("filename", "a.exe")
    thing.add_attribute("md5", "0" * 32)
    event.add_object(thing)
    return event


def events(misp):
    event = misp.add_event(an_event(), pythonify=True)
    assert event.id and event.orgc.name == "XA" and len(event.objects) == 1, event
    assert misp.event_exists(event) and misp.event_exists(event.uuid.upper())
    assert not misp.event_exists(str(uuid.uuid4())) and not misp.event_exists(999)
    again = refused(misp.add_event(event), 404)
    assert again["message"].startswith("Event already exists"), again

    got = misp.get_event(event.id, pythonify=True)
    assert got.to_dict()["Tag"][0]["name"] == "tlp:green"
    got.info = "Phishing of two ministries"
    got.attributes[0].comment = "seen twice"
    got.add_attribute("domain", "evil.example")
    changed = misp.update_event(got, pythonify=True)
    assert changed.info == "Phishing of two ministries"
    assert [one.value for one in changed.attributes] == ["198.51.100.7", "evil.example"]
    assert changed.attributes[0].comment == "seen twice"
    return changed


def attributes(misp, event):
    one = misp.add_attribute(event, {"type": "url", "value": "http://evil.example/a"}, pythonify=True)
    assert one.id and one.category == "Network activity", one
    same = refused(misp.add_attribute(event, {"type": "url", "value": "http://evil.example/a"}), 403)
    assert same["saved"] is False and same["errors"]["value"], same
    bad = refused(misp.add_attribute(event, {"type": "md5", "value": "none"}), 403)
    assert "value" in bad["errors"], bad
    many = [MISPAttribute(), MISPAttribute()]
    many[0].from_dict(type="ip-src", value="203.0.113.1")
    many[1].from_dict(type="ip-dst|port", value="203.0.113.2|443")
    added = misp.add_attribute(event, many, pythonify=True)
    assert len(added["attributes"]) == 2, added
    one.comment = "a comment"
    assert misp.update_attribute(one, pythonify=True).comment == "a comment"
    assert misp.get_attribute(one.uuid, pythonify=True).value == "http://evil.example/a"
    assert misp.attribute_exists(one)
    gone = misp.delete_attribute(one)
    assert gone["message"] == "Attribute deleted.", gone
    assert misp.get_attribute(one, pythonify=True).deleted is True
    assert misp.restore_attribute(one, pythonify=True).deleted is False
    misp.delete_attribute(one, hard=True)
    assert not misp.attribute_exists(one)
    listed = misp.attributes(pythonify=True)
    assert "evil.example" in [one.value for one in listed], listed
    return added["attributes"][0]


def objects(misp, event):
    thing = MISPObject("domain-ip", standalone=False)
    thing.add_attribute("domain", "c2.example")
    thing.add_attribute("ip", "203.0.113.9")
    added = misp.add_object(event, thing, pythonify=True)
    assert added.id and len(added.attributes) == 2, added
    assert misp.object_exists(added)
    found = misp.search(controller="objects", object_name="domain-ip", pythonify=True)
    assert [one.uuid for one in found] == [added.uuid], found
    assert misp.delete_object(added)["message"]


def tags(misp, event, attribute):
    assert misp.tag(event, "role:c2")["saved"]
    assert misp.tag(attribute, "role:drop")["saved"]
    assert "role:c2" in [tag.name for tag in misp.get_event(event, pythonify=True).tags]
    tag = MISPTag()
    tag.name = "=HYPERLINK(1)"
    made = misp.add_tag(tag)
    assert made["Tag"]["name"] == "=HYPERLINK(1)", made
    names = [tag.name for tag in misp.tags(pythonify=True)]
    assert {"tlp:green", "role:c2", "role:drop", "=HYPERLINK(1)"} <= set(names), names
    assert misp.search_tags("role:", pythonify=True)
    assert misp.untag(event, "role:c2")["saved"]
    refused(misp.untag(event, "role:c2"), 404)


def searches(misp, event):
    def found(**asked):
        return misp.search(controller="attributes", pythonify=True, **asked)

    assert [one.id for one in misp.search(value="198.51.100.7", pythonify=True)] == [event.id]
    assert misp.search(value="192.0.2.250") == []
    assert [one.value for one in found(type_attribute="ip-dst", to_ids=True)] == ["198.51.100.7"]
    assert len(found(value="203.0.113.%")) == 2
    assert len(found(value="203.0.113.2")) == 1
    both = misp.build_complex_query(or_parameters=["%evil%", "198.51.100.7"], not_parameters=["198.51.100.7"])
    assert [one.value for one in found(value=both)] == ["evil.example"], found(value=both)
    assert found(tags="role:drop", publish_timestamp="7d") == []
    assert len(found(tags="role:drop", timestamp="7d")) == 1
    first = found(limit=2, page=1)
    second = found(limit=2, page=2)
    assert len(first) == 2 and not {one.id for one in first} & {one.id for one in second}
    assert found(limit=2, page=99) == []
    assert found(eventid=event.id)[0].Event.info == event.info
    shallow = misp.search(eventid=event.id, metadata=True, pythonify=True)
    assert shallow[0].info == event.info and not shallow[0].attributes

    text = misp.search(controller="attributes", type_attribute="ip-dst", return_format="text")
    assert text == "198.51.100.7\n", text
    table = misp.search(return_format="csv", eventid=event.id, include_context=True)
    rows = list(csv.DictReader(io.StringIO(table)))
    assert rows[0]["value"] == "198.51.100.7" and rows[0]["event_info"] == event.info, rows[0]
    rules = misp.search(controller="attributes", return_format="suricata")
    assert "-> 198.51.100.7 any" in rules, rules
    hashes = misp.direct_call("attributes/restSearch", {"returnFormat": "hashes"})
    assert hashes.strip() == "0" * 32, hashes
    bundle = misp.search(return_format="stix2", eventid=event.id)
    if isinstance(bundle, str):
        bundle = json.loads(bundle)
    types = {one["type"] for one in bundle["objects"]}
    assert {"grouping", "indicator", "identity"} <= types, types
    refused(misp.search(return_format="openioc"), 400)

    index = misp.search_index(tags="tlp:green", pythonify=True)
    assert [one.id for one in index] == [event.id], index
    assert misp.search_index(tags="tlp:red") == []
    assert misp.events(pythonify=True)[0].info == event.info
    assert misp.search_index(minimal=True)[0]["uuid"] == event.uuid


def sightings(misp, event, attribute):
    said = MISPSighting()
    said.from_dict(value="198.51.100.7", type="0", source="sensor")
    assert misp.add_sighting(said)["saved"]
    one = MISPSighting()
    one.from_dict(type="1", source="analyst")
    added = misp.add_sighting(one, attribute, pythonify=True)
    assert added.source == "analyst", added
    found = misp.search_sightings(context="event", context_id=event.id, source="sensor", pythonify=True)
    assert [one["sighting"].source for one in found] == ["sensor"], found
    assert len(misp.sightings(event, pythonify=True)) == 2
    nothing = MISPSighting()
    nothing.from_dict(value="192.0.2.251")
    refused(misp.add_sighting(nothing), 400)


def lists(misp):
    assert misp.sharing_groups() == []
    assert misp.feeds() == [] and misp.servers() == []
    listed = misp.warninglists(pythonify=True)
    assert [one.name for one in listed] == ["Addresses of ours"], listed
    assert misp.values_in_warninglist(["198.51.100.7"]) == []
    known = misp.values_in_warninglist(["198.51.100.7", "203.0.113.99"])
    assert [one["name"] for one in known["203.0.113.99"]] == ["Addresses of ours"], known
    assert list(known) == ["203.0.113.99"], known
    gone = misp.direct_call("events/nothing")
    assert gone["errors"][0] == 404 and gone["errors"][1]["name"] == "Not Found", gone
    wrong = misp.direct_call("events/delete/1")
    assert wrong["errors"][0] == 405, wrong


def library(misp, event):
    (tlp,) = misp.taxonomies(pythonify=True)
    assert tlp.namespace == "tlp" and tlp.enabled, tlp.to_dict()
    for name in (tlp, "tlp"):
        one = misp.get_taxonomy(name)
        assert "tlp:red" in [entry["tag"] for entry in one["entries"]], one
    assert misp.get_taxonomy(tlp, pythonify=True).namespace == "tlp"
    refused(misp.get_taxonomy(99), 404)
    red = [tag for tag in misp.tags() if tag["name"] == "tlp:red"]
    assert red[0]["Taxonomy"]["namespace"] == "tlp", red
    assert misp.search_tags("tlp:red", strict_tagname=True), red

    galaxies = misp.galaxies(pythonify=True)
    assert len(galaxies) > 10, galaxies
    galaxy = galaxies[0]
    whole = misp.get_galaxy(galaxy, withCluster=True, pythonify=True)
    assert whole.uuid == galaxy.uuid and whole.clusters, whole
    cluster = whole.clusters[0]
    same = misp.get_galaxy_cluster(cluster, pythonify=True)
    assert same.value == cluster.value and same.Galaxy.type == galaxy.type, same
    assert misp.get_galaxy_cluster(cluster.id)["GalaxyCluster"]["uuid"] == cluster.uuid
    found = misp.search_galaxy_clusters(galaxy, searchall=cluster.value, pythonify=True)
    assert cluster.uuid in [one.uuid for one in found], found
    assert misp.search_galaxy(galaxy.name, pythonify=True)[0].name
    refused(misp.get_galaxy(99_999), 404)

    # A cluster that nobody took in is seen where an event has its tag.
    assert misp.tag(event, 'misp-galaxy:vessel="barge"')["saved"]
    (vessel,) = [one for one in misp.galaxies(pythonify=True) if one.type == "vessel"]
    named = misp.search_galaxy_clusters(vessel.id, pythonify=True)
    assert [one.value for one in named] == ["barge"], named
    assert misp.get_galaxy_cluster(named[0].id, pythonify=True).value == "barge"
    assert misp.untag(event, 'misp-galaxy:vessel="barge"')["saved"]


def warned(misp, event):
    misp.add_attribute(event, {"type": "ip-dst", "value": "203.0.113.99"})
    asked = {"value": "203.0.113.99", "includeWarninglistHits": 1}
    every = misp.direct_call("attributes/restSearch", asked)
    hits = every["Attribute"][0]["warnings"]
    assert [one["warninglist_name"] for one in hits] == ["Addresses of ours"], hits
    none = misp.search(controller="attributes", value="203.0.113.99", enforce_warninglist=True)
    assert none["Attribute"] == [], none
    (whole,) = misp.search(eventid=event.id, enforce_warninglist=True, pythonify=True)
    assert "203.0.113.99" not in [one.value for one in whole.attributes]


def stix(misp):
    bundle = {
        "type": "bundle",
        "id": f"bundle--{uuid.uuid4()}",
        "objects": [
            {
                "type": "indicator",
                "spec_version": "2.1",
                "id": f"indicator--{uuid.uuid4()}",
                "created": "2026-01-01T00:00:00.000Z",
                "modified": "2026-01-01T00:00:00.000Z",
                "pattern": "[ipv4-addr:value = '192.0.2.99']",
                "pattern_type": "stix",
                "valid_from": "2026-01-01T00:00:00Z",
            }
        ],
    }
    answer = misp.upload_stix(data=json.dumps(bundle))
    assert answer.status_code == 200, answer.text
    assert len(misp.search(value="192.0.2.99", pythonify=True)) == 1


def a_large_event(misp):
    event = MISPEvent()
    event.info = "many"
    for number in range(12_000):
        event.add_attribute("ip-dst", f"10.{number >> 16}.{(number >> 8) & 255}.{number & 255}")
    added = misp.add_event(event, metadata=True, pythonify=True)
    assert str(added.attribute_count) == "12000", added
    found = misp.search(controller="attributes", eventid=added.id)
    assert len(found["Attribute"]) == 12_000
    assert len(misp.get_event(added)["Event"]["Attribute"]) == 12_000


def main(address, writes, reads):
    misp = PyMISP(address, writes)
    connect(misp)
    event = events(misp)
    attribute = attributes(misp, event)
    objects(misp, event)
    tags(misp, event, attribute)
    searches(misp, event)
    sightings(misp, event, attribute)
    lists(misp)
    library(misp, event)
    warned(misp, event)
    stix(misp)
    published = misp.publish(event)
    assert published["saved"], published
    assert misp.get_event(event, pythonify=True).published is True
    assert misp.search(publish_timestamp="1h", pythonify=True)[0].id == event.id

    # One who reads alone.
    reader = PyMISP(address, reads)
    assert reader.get_event(event, pythonify=True).info == event.info
    denied = refused(reader.add_event(an_event()), 403)
    assert denied["message"] == "You do not have permission to do that.", denied
    refused(reader.delete_event(event), 403)
    # One collection alone.
    alone = PyMISP(f"{address}in/exercise/misp/", writes)
    assert alone.get_event(event.id, pythonify=True).info == event.info
    assert alone.add_event(an_event(), pythonify=True).id

    assert misp.delete_event(event)["message"] == "Event deleted."
    refused(misp.get_event(event), 404)
    refused(misp.add_event(event), 403)
    try:
        PyMISP(address, "no key of this node")
    except PyMISPError as error:
        assert "Authentication failed" in str(error), error
    else:
        raise AssertionError("anybody gets in")
    a_large_event(misp)


main(*sys.argv[1:])
