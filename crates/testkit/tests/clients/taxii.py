"""What a script does that knows taxii2-client and stix2 and nothing of Comity."""

import sys

import stix2
from requests.exceptions import HTTPError
from taxii2client.v21 import Server, as_pages

COUNT = 50_000
MOMENT = "2026-01-01T00:00:00.000Z"


def malware(number):
    return {
        "type": "malware",
        "spec_version": "2.1",
        "id": f"malware--00000000-0000-4000-8000-{number:012}",
        "created": MOMENT,
        "modified": MOMENT,
        "name": f"m{number}",
        "is_family": False,
    }


def refused(status, ask):
    try:
        ask()
    except HTTPError as error:
        assert error.response.status_code == status, error.response.text
        return
    raise AssertionError(f"not refused with {status}")


def main(address, user, password):
    server = Server(address, user=user, password=password)
    roots = {root.url.rstrip("/").rsplit("/", 1)[-1]: root for root in server.api_roots}
    assert set(roots) == {"intel", "exercise"}, roots
    root = roots["exercise"]
    assert root.max_content_length >= 10_000_000
    (feed,) = [found for found in root.collections if found.title == "A feed"]
    assert feed.can_read and feed.can_write

    # One envelope of many objects, all with the same moment; one of them is bad.
    objects = [malware(number) for number in range(COUNT)]
    bad = {"type": "malware", "id": "nothing"}
    status = feed.add_objects(
        {"objects": objects[:3] + [bad] + objects[3:]}, wait_for_completion=True, timeout=300
    )
    assert status.status == "complete", status.status
    assert (status.success_count, status.failure_count) == (COUNT, 1), vars(status)
    again = root.get_status(status.id)
    assert again.failures[0]["id"] == "nothing", again.failures

    found = []
    for page in as_pages(feed.get_objects, per_request=1000):
        found.extend(page["objects"])
    assert found == objects, (len(found), len(objects))
    stix2.parse(found[0])

    manifest = feed.get_manifest(limit=10)
    assert manifest["more"] and len(manifest["objects"]) == 10
    after = manifest["objects"][-1]["date_added"]
    rest = feed.get_objects(added_after=after, limit=5)
    assert rest["objects"] == objects[10:15], rest

    newer = dict(objects[7], modified="2026-02-02T00:00:00.000Z", name="newer")
    assert feed.add_objects({"objects": [newer]}).success_count == 1
    one = feed.get_object(newer["id"])
    assert one["objects"] == [newer]
    both = feed.get_objects(id=newer["id"], version="all")
    assert both["objects"] == [objects[7], newer]
    versions = feed.object_versions(newer["id"])
    assert versions["versions"] == [MOMENT, newer["modified"]], versions
    wanted = [objects[3]["id"], objects[5]["id"]]
    some = feed.get_objects(id=wanted, type="malware", spec_version="2.1")
    assert some["objects"] == [objects[3], objects[5]]
    assert feed.get_objects(type="tool") == {}

    feed.delete_object(newer["id"])
    refused(404, lambda: feed.get_object(newer["id"]))
    deleted = feed.add_objects({"objects": [newer]})
    assert (deleted.success_count, deleted.failure_count) == (0, 1)
    refused(401, lambda: Server(address, user=user, password="not this").title)
    print("everything as it should be")


main(*sys.argv[1:])
