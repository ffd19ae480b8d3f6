#!/usr/bin/env python3
"""The same charts and values through sail and through real Helm: the manifests must be equal, byte for byte.

  Tests/Comparison/engine.py SAIL

Needs helm-python-sdk and pyyaml (`make test` puts them into .oracle); without them it says so and skips (exit 0).
"""
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RELEASES = {"base": "istio-base", "istiod": "istiod", "cni": "istio-cni", "ztunnel": "ztunnel"}
VERSIONS = ["v1.24.0", "v1.25.5", "v1.26.8", "v1.27.0", "v1.28.10", "v1.29.0", "v1.30.3"]
PLATFORMS = [None, "openshift", "k3s"]
VALUES = {
    "global": {"hub": "example.com/mesh", "imagePullSecrets": ["one"], "network": "net", "logAsJson": True},
    "meshConfig": {"accessLogFile": "/dev/stdout"},
    "pilot": {"replicaCount": 3, "autoscaleEnabled": False, "env": {"A": "b"}},
    "cni": {"excludeNamespaces": ["a", "b"], "podLabels": {"tier": "node"}},
    "ztunnel": {"podLabels": {"tier": "node"}},
}

try:
    import helm_python as helm
    import yaml
except ImportError as missing:
    print(f"skipped: {missing}; real Helm is not there, nothing was compared")
    sys.exit(0)


def layers(version, platform, own):
    """Files for -f, as docs/charts.md lays them."""
    minor = int(version.split(".")[1])
    yield {"istioVersion": version}
    yield yaml.safe_load(open(f"{ROOT}/profiles/ambient{'-1.26' if minor < 27 else ''}.yaml"))
    if platform:
        name = f"{ROOT}/profiles/platform-{platform}.yaml"
        yield yaml.safe_load(open(name))
        yield {"global": {"platform": platform}}
    yield own


def merge(into, over):
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = json.loads(json.dumps(value))
    return into


def main():
    sail = os.path.abspath(sys.argv[1])
    config = helm.Config(namespace="istio-system", storage_driver="memory", kubeconfig_path=os.devnull)
    compared, failures = 0, []
    for version in VERSIONS:
        for platform in PLATFORMS:
            for own in ({}, VALUES):
                values = {}
                for layer in layers(version, platform, own):
                    merge(values, layer)
                with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
                    json.dump(values, file)
                    file.flush()
                    for chart, release in RELEASES.items():
                        path = f"{ROOT}/charts/{chart}"
                        theirs = config.install(path, release, values, dry_run="client")["manifest"].strip()
                        done = subprocess.run(
                            [sail, "template", release, path, "-n", "istio-system", "-f", file.name],
                            capture_output=True, text=True)
                        compared += 1
                        if done.returncode or done.stdout.strip() != theirs:
                            failures.append(f"{chart} {version} {platform or 'no platform'}"
                                            f"{' with values' if own else ''}: {done.stderr.strip() or 'differs'}")
    for failure in failures:
        print(failure)
    print(f"{compared} manifests compared with real Helm's, {len(failures)} differ")
    sys.exit(1 if failures else 0)


main()
