#!/usr/bin/env python3
"""`sail export helm`, rendered by real Helm, against `sail manifest generate` of the same flags.

  Tests/Comparison/exports.py SAIL

Once with sail's own charts, and once with Istio's where $SAIL_OFFICIAL_CHARTS is a folder with
VERSION/{base,istiod,cni,ztunnel}. Needs helm-python-sdk and pyyaml; without them it says so and skips (exit 0). All
objects of the charts must be equal, and no exported value may be idle: without any one of them an object differs.
"""
import copy, json, os, shlex, subprocess, sys, tempfile

VERSIONS = ["v1.24.6", "v1.27.9", "v1.28.3", "v1.29.6", "v1.30.3"]
CASES = [
    "", "--platform gke", "--platform openshift", "--platform eks", "--platform k3s", "--namespace mesh",
    "--cni-namespace kube-system --ztunnel-namespace data-plane", "--fips",
    "--set pilot.env.A=b --set-string pilot.env.PILOT_ENABLE_X=true",
    "--set global.hub=registry.example.com/istio --set global.tag=1.2.3",
    "--set global.network=net-east --set global.meshID=m --set global.multiCluster.clusterName=east",
    "--set revision=blue", "--set pilot.autoscaleEnabled=false --set pilot.replicaCount=3",
    "--set pilot.autoscaleMin=2 --set pilot.autoscaleMax=9", "--set cni.logging.level=debug --platform gke",
    "--set-json ztunnel.resources={\"requests\":{\"cpu\":\"1\"}} --set ztunnel.terminationGracePeriodSeconds=60",
    "--set ztunnel.logLevel=debug --set ztunnel.updateStrategy.rollingUpdate.maxUnavailable=2",
    "--set-json meshConfig={\"accessLogFile\":\"/dev/stdout\",\"outboundTrafficPolicy\":{\"mode\":\"REGISTRY_ONLY\"}}",
    "--set-json global.imagePullSecrets=[\"a\",\"b\"] --platform openshift",
    "--set-json pilot.tolerations=[{\"key\":\"infra\",\"operator\":\"Exists\"}] --set pilot.nodeSelector.pool=infra",
    "--set cni.ambient.dnsCapture=false", "--set pilot.resources.requests.cpu=500m", "--set global.proxy.logLevel=info",
    "--set-json pilot.resources=null", "--set-json cni.affinity={\"nodeAffinity\":{}}",
    "-c istiod", "-c ztunnel --set ztunnel.podLabels.tier=node", "--set base.enableCRDTemplates=false",
    "--set pilot.cni.enabled=false", "--platform gke --set cni.cniBinDir=/opt/cni/bin",
    "--set global.defaultPodDisruptionBudget.enabled=false", "--set global.configValidation=false",
]

try:
    import helm_python as helm
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; real Helm is not there, nothing was compared")
    sys.exit(0)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


OFFICIAL = os.environ.get("SAIL_OFFICIAL_CHARTS", "")


def objects(text):
    """The objects of a stream by identity, without what sail adds beside the charts."""
    found = {}
    for item in yaml.load_all(text, LOADER):
        if item and not (item["kind"] == "Namespace"):
            metadata = item["metadata"]
            found[item["kind"], metadata.get("namespace"), metadata["name"]] = item
    return found


def run(words):
    return subprocess.run(words, capture_output=True, text=True)


def releases(folder, official):
    """Release, chart folder, namespace and values of each command of the export."""
    with open(os.path.join(folder, "commands.sh")) as file:
        lines = file.read().replace("\\\n", " ").split("\n")
    for line in lines:
        words = shlex.split(line)
        if words[:3] == ["helm", "upgrade", "--install"]:
            with open(os.path.join(folder, words[words.index("--values") + 1])) as file:
                values = yaml.load(file, LOADER) or {}
            chart = os.path.join(official, words[4].removeprefix("istio/")) if official else os.path.join(folder, words[4])
            yield words[3], chart, words[words.index("--namespace") + 1], values


def rendered(release, chart, namespace, values):
    config = helm.Config(namespace=namespace, storage_driver="memory", kubeconfig_path=os.devnull)
    result = config.install(chart, release, values, dry_run="client")
    found = objects(result.get("manifest", ""))
    folder = os.path.join(chart, "crds")
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name)) as file:
            found.update({key: item for key, item in objects(file.read()).items() if key not in found})
    return found


def leaves(values, path=()):
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, path + (key,))
        else:
            yield path + (key,)


def without(values, path):
    values = copy.deepcopy(values)
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return values


def compare(sail, version, flags, official):
    """What differs, as lines; `None` where sail refuses the mesh. `official`: the folder of Istio's charts, or nothing."""
    words = shlex.split(flags.replace('"', '\\"'))
    words += ["--charts", official] if official else ["--version", version]
    wanted = run([sail, "manifest", "generate"] + words)
    if wanted.returncode:
        return None
    faults, idle = [], []
    with tempfile.TemporaryDirectory() as folder:
        source = ["--chart-source", "istio" if official else "built-in"]
        done = run([sail, "export", "helm", "-O", folder] + source + words)
        if done.returncode:
            return [done.stderr.strip()]
        found = {}
        for release, chart, namespace, values in releases(folder, official):
            whole = rendered(release, chart, namespace, values)
            found.update(whole)
            if version == VERSIONS[-1]:
                for path in leaves(values):
                    try:
                        if rendered(release, chart, namespace, without(values, path)) == whole:
                            idle.append(f"{release}: {'.'.join(path)} has no effect")
                    except Exception:
                        pass
    expected = objects(wanted.stdout)
    for key in sorted(set(expected) | set(found), key=str):
        if expected.get(key) != found.get(key):
            faults.append(f"{key}: " + ("differs" if key in expected and key in found else "is on one side only"))
    return faults + idle


def compare_all(sail, official):
    """How many exports differ; `official` as the environment has it, or nothing for sail's own charts."""
    total = different = refused = 0
    for flags in CASES:
        for version in VERSIONS if CASES.index(flags) < 4 else VERSIONS[-1:]:
            charts = os.path.join(official, version[1:]) if official else ""
            if charts and not os.path.isdir(charts):
                continue
            faults = compare(sail, version, flags, charts)
            total += 1
            refused += faults is None
            different += bool(faults)
            for fault in faults or []:
                print(f"{version} {flags}: {fault}")
    print(f"{'official' if official else 'built-in'} charts: {total} exports compared, {refused} refused; {different} differ")
    return different


def main():
    different = compare_all(sys.argv[1], "")
    if os.path.isdir(OFFICIAL):
        different += compare_all(sys.argv[1], OFFICIAL)
    else:
        print("Istio's own charts: skipped, SAIL_OFFICIAL_CHARTS names no folder with them")
    sys.exit(1 if different else 0)


main()
