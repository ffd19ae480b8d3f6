#!/usr/bin/env python3
"""`sail manifest generate --charts` with Istio's official charts against real Helm: every object's text must be equal.

  Tests/Comparison/official.py SAIL [VERSION]...

Needs helm-python-sdk and pyyaml, and in $SAIL_OFFICIAL_CHARTS a folder with VERSION/{base,istiod,cni,ztunnel} for each
version; without them it says so and skips (exit 0). Without versions it takes one per minor.
"""
import copy, json, os, subprocess, sys, tempfile

RELEASES = {"base": "istio-base", "istiod": "istiod", "cni": "istio-cni", "ztunnel": "ztunnel"}
SCENARIOS = {
    "default": {},
    "openshift": {"global": {"platform": "openshift"}},
    "gke": {"global": {"platform": "gke"}},
    "k3s": {"global": {"platform": "k3s"}},
    "minikube": {"global": {"platform": "minikube"}},
    "multicluster": {
        "global": {"meshID": "mesh1", "network": "net-east", "multiCluster": {"clusterName": "east"}},
    },
    "images": {
        "global": {
            "hub": "registry.example.com/mesh", "tag": "VERSION-custom", "variant": "", "imagePullPolicy": "Always",
            "imagePullSecrets": ["mirror-credentials"],
        },
    },
    "tuned": {
        "meshConfig": {"accessLogFile": "/dev/stdout", "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"}},
        "pilot": {
            "autoscaleEnabled": False, "replicaCount": 3, "env": {"PILOT_TRACE_SAMPLING": "5"},
            "nodeSelector": {"pool": "infra"}, "tolerations": [{"key": "infra", "operator": "Exists"}],
            "resources": {"requests": {"cpu": "1", "memory": "4Gi"}}, "podAnnotations": {"team": "mesh"},
        },
        "cni": {
            "logLevel": "debug", "excludeNamespaces": ["kube-system", "legacy"], "ambient": {"dnsCapture": False},
            "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}},
        },
        "ztunnel": {
            "logLevel": "debug", "env": {"ZTUNNEL_WORKER_THREADS": "4"}, "terminationGracePeriodSeconds": 60,
            "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}, "podLabels": {"tier": "node"},
        },
    },
    "revision": {"revision": "blue", "compatibilityVersion": None},
}

CHARTS = os.environ.get("SAIL_OFFICIAL_CHARTS", "")
try:
    import helm_python as helm
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; real Helm is not there, nothing was compared")
    sys.exit(0)
if not os.path.isdir(CHARTS):
    print("skipped: SAIL_OFFICIAL_CHARTS names no folder with the official charts")
    sys.exit(0)


def scoped(component, user):
    """What the component's chart gets, as docs/values.md scopes it."""
    shared = ["global", "revision", "profile", "compatibilityVersion"]
    keep = {
        "base": shared + ["base", "defaultRevision", "experimental"],
        "cni": shared + ["cni"],
        "istiod": [key for key in user if key not in ("cni", "ztunnel")],
        "ztunnel": shared + ["meshConfig"],
    }[component]
    values = {"profile": "ambient"} | {key: copy.deepcopy(user[key]) for key in keep if key in user}
    if component == "ztunnel":
        for key in ("multiCluster", "network"):
            if key in user.get("global", {}):
                values[key] = copy.deepcopy(user["global"][key])
        values |= copy.deepcopy(user.get("ztunnel", {}))
    return values


def scenario(name, version):
    """The values of a scenario; a tag says the version that it holds, or sail refuses it."""
    return json.loads(json.dumps(SCENARIOS[name]).replace("VERSION", version))


def documents(text):
    found = []
    for part in ("\n" + text).split("\n---\n# Source: "):
        # Helm prints documents that hold only comments too.
        if any(line and line != "---" and not line.startswith("#") for line in part.strip().split("\n")[1:]):
            found.append(part.strip("\n"))
    return sorted(found)


def with_helm(sail, version, user):
    """The documents of all four charts, or `None` where one of them refuses; `sail template` must print the same."""
    openshift = user.get("global", {}).get("platform") == "openshift"
    found = []
    for component, release in RELEASES.items():
        namespace = "kube-system" if openshift and component in ("cni", "ztunnel") else "istio-system"
        config = helm.Config(namespace=namespace, storage_driver="memory", kubeconfig_path=os.devnull)
        try:
            result = config.install(
                os.path.join(CHARTS, version, component), release, scoped(component, user), dry_run="client")
        except Exception:
            return None
        manifest = result.get("manifest", "")
        printed = templated(sail, release, namespace, os.path.join(CHARTS, version, component), scoped(component, user))
        if printed.strip("\n") != manifest.strip("\n"):
            print(f"{version} {component}: sail template prints another text")
            found.append("(sail template differs)")
        found += documents(manifest)
    return sorted(found)


def templated(sail, release, namespace, chart, values):
    return subprocess.run(
        [sail, "template", release, chart, "-n", namespace, "-f", "-"], input=json.dumps(values), capture_output=True,
        text=True).stdout


def with_sail(sail, version, user):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(user, file)
        file.flush()
        result = subprocess.run(
            [sail, "manifest", "generate", "--charts", os.path.join(CHARTS, version), "-f", file.name],
            capture_output=True, text=True)
    if result.returncode:
        return None, result.stderr
    # Helm's manifest has neither the namespaces nor what lies below crds/.
    drop = ("sail\n", "base/crds/")
    return [text for text in documents(result.stdout) if not text.startswith(drop)], result.stderr


def main():
    sail, versions = sys.argv[1], sys.argv[2:]
    if not versions:
        newest = {}
        for version in sorted(os.listdir(CHARTS), key=lambda text: [int(part) for part in text.split(".")]):
            newest[version.rsplit(".", 1)[0]] = version
        versions = sorted(newest.values())
    total = different = refused = 0
    for version in versions:
        for name in SCENARIOS:
            user = scenario(name, version)
            expected = with_helm(sail, version, user)
            actual, message = with_sail(sail, version, user)
            total += 1
            refused += expected is None
            if expected == actual:
                continue
            different += 1
            print(f"{version} {name}: differs", message.strip()[:300])
            for text in (expected or []):
                if actual and text not in actual:
                    path = text.split("\n")[0]
                    other = [t for t in actual if t.split("\n")[0] == path]
                    print("  helm has", path, "and sail", "another text" if other else "nothing")
                    if other:
                        for a, b in zip(text.split("\n"), other[0].split("\n")):
                            if a != b:
                                print("    helm:", a[:160], "\n    sail:", b[:160])
                                break
            for text in (actual or []):
                if expected and text not in expected:
                    print("  sail has", text.split("\n")[0])
    print(f"{total} meshes in {len(versions)} versions compared, {refused} of them refused by both or one; {different} differ")
    sys.exit(1 if different else 0)


main()
