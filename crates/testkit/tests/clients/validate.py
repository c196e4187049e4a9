"""What stix2-validator says of a file that was exported.

Its package lacks the schemas that it looks for beside itself: they are put there from the folder given.
"""

import pathlib
import sys

import stix2validator


def place(schemas):
    beside = pathlib.Path(stix2validator.__file__).parent / "schemas-2.1" / "schemas"
    beside.parent.mkdir(exist_ok=True)
    try:
        beside.symlink_to(pathlib.Path(schemas).resolve(), target_is_directory=True)
    except FileExistsError:
        pass


def main(path, schemas):
    place(schemas)
    options = stix2validator.ValidationOptions(version="2.1", strict=False)
    result = stix2validator.validate_file(path, options)
    looked_at = result.object_results or []
    errors = [f"{one.object_id}: {error}" for one in looked_at for error in one.errors]
    if result.fatal:
        errors.append(str(result.fatal))
    assert result.is_valid and not errors, "\n".join(errors[:50])
    assert looked_at, "nothing was looked at"
    print(f"{len(looked_at)} results, all valid")


if __name__ == "__main__":
    main(*sys.argv[1:])
