#!/usr/bin/env python3
"""Our charts, rendered by real Helm, against the objects that Istio's official charts render.

  Tests/Comparison/charts.py [REFERENCE]        REFERENCE: ../shared/reference, or $SAIL_REFERENCE

Needs helm-python-sdk and pyyaml (pip), and the reference; without them it says so and skips (exit 0).
For every version and scenario in the reference, and each of base, istiod, cni, ztunnel, the two sets of objects must be
equal: order of objects and keys aside, text for text, save the injection templates' text in istio-sidecar-injector.
A scenario gives all charts the same values. Ours refuse keys that they do not read; each gets the others, and what the
official istiod only shows of such keys in the ConfigMap values is left out of the comparison.
"""
import copy, json, os, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELEASES = {"base": "istio-base", "istiod": "istiod", "cni": "istio-cni", "ztunnel": "ztunnel"}
BUILT_IN = {
    "agentgateway", "agentgateway-waypoint", "gateway", "grpc-agent", "grpc-simple", "kube-gateway", "sidecar", "waypoint",
}
NO_TEXT = "(template text not part of this reference)"

try:
    import helm_python as helm
    import yaml
except ImportError as missing:
    print(f"skipped: {missing} (pip install helm-python-sdk pyyaml)")
    sys.exit(0)


def find_reference():
    given = sys.argv[1:] or [os.environ.get("SAIL_REFERENCE", "")]
    for path in given + [os.path.join(ROOT, "../shared/reference")]:
        if path and os.path.isdir(path):
            return path
    print("skipped: no reference; name its folder, or set SAIL_REFERENCE")
    sys.exit(0)


def load(*path):
    with open(os.path.join(ROOT, *path)) as file:
        return yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) or {}


def merge(into, over):
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = copy.deepcopy(value)
    return into


def layered(catalogue, version, user):
    """What sail gives a chart: profile < platform < user; None where the version does not know the platform."""
    minor = next(m for m in catalogue["minors"] if version.startswith(f"v{m['minor']}."))
    values = load("profiles", minor["profile"])
    platform = (user.get("global") or {}).get("platform")
    if platform:
        if platform not in minor["platforms"]:
            return None
        merge(values, load("profiles", minor["platforms"][platform]))
    merge(values, user)
    return merge(values, {"istioVersion": version, "profile": "ambient"})


def known(values, schema, root=None):
    """The values without the keys that a schema does not know."""
    root = root or schema
    while isinstance(schema, dict) and "$ref" in schema:
        target = root
        for step in schema["$ref"].split("/")[1:]:
            target = target[step]
        schema = target
    if not isinstance(values, dict) or not isinstance(schema, dict):
        return values
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    return {
        key: known(value, properties.get(key, others), root)
        for key, value in values.items()
        if key in properties or others is not False
    }


def without_unread(objects, schema):
    """The objects as they would be had no chart been given the keys that the schema does not know."""
    for item in objects.values():
        if item["kind"] == "ConfigMap" and item["metadata"]["name"] == "values":
            for name, text in item["data"].items():
                whole = json.loads(text)
                if known(whole, schema) != whole:
                    item["data"][name] = json.dumps(known(whole, schema), indent=2, sort_keys=True)
    return objects


def render(component, values):
    config = helm.Config(namespace="istio-system", storage_driver="memory", kubeconfig_path=os.devnull)
    chart = os.path.join(ROOT, "charts", component)
    return config.install(chart, RELEASES[component], values, dry_run="client").get("manifest", "")


def objects(text):
    found = {}
    for item in yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        if not item or item["kind"] == "CustomResourceDefinition":
            continue
        meta = item["metadata"]
        if item["kind"] == "ConfigMap" and meta["name"].startswith("istio-sidecar-injector"):
            config = yaml.safe_load(item["data"]["config"])
            for name in BUILT_IN & set(config["templates"]):
                config["templates"][name] = NO_TEXT
            item["data"]["config"] = config
        found[f"{item['kind']} {meta.get('namespace', '')}/{meta['name']}"] = item
    return found


def differences(wanted, got, path=""):
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted(set(wanted) | set(got)):
            if key not in got:
                yield f"{path}.{key}: missing"
            elif key not in wanted:
                yield f"{path}.{key}: too much"
            else:
                yield from differences(wanted[key], got[key], f"{path}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for index, (one, other) in enumerate(zip(wanted, got)):
            yield from differences(one, other, f"{path}[{index}]")
    elif wanted != got or isinstance(wanted, bool) != isinstance(got, bool):
        yield f"{path}: {json.dumps(got)[:100]} instead of {json.dumps(wanted)[:100]}"


def main():
    reference = find_reference()
    catalogue = load("charts", "versions.yaml")
    schemas = {component: load("charts", component, "values.schema.json") for component in RELEASES}
    equal = different = refused = 0
    for version in sorted(v for v in os.listdir(reference) if os.path.isdir(os.path.join(reference, v, "default"))):
        for scenario in sorted(os.listdir(os.path.join(reference, version))):
            folder = os.path.join(reference, version, scenario)
            with open(os.path.join(folder, "values.json")) as file:
                user = json.load(file)
            for component in RELEASES:
                values = layered(catalogue, version, user)
                if os.path.exists(os.path.join(folder, f"{component}.error")):
                    refused += values is None
                    different += values is not None
                    continue
                values = known(values, schemas[component])
                if component == "istiod":
                    values["originalValues"] = known(dict(user, profile="ambient"), schemas[component])
                with open(os.path.join(folder, f"{component}.yaml")) as file:
                    wanted = without_unread(objects(file.read()), schemas[component])
                found = list(differences(wanted, objects(render(component, values))))
                equal += not found
                different += bool(found)
                for line in found[:5]:
                    print(f"{version} {scenario} {component}: {line}")
    print(f"{equal} equal, {different} different, {refused} refused by both")
    sys.exit(different > 0)


main()
