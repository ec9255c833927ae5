"""Plays a plan file in SimGrid 3.32 and prints the finish times: python3 simgrid.py PLAN (Debian: python3-simgrid).

The plans beside this file are random; their `finish` is what this prints. Model CM02 with the factors of the
plan, TCP-gamma 0, weight-S 0, full updates.
"""

import json
import sys

from simgrid import Actor, Comm, Engine, Host, Mutex, Semaphore, this_actor

plan = json.load(open(sys.argv[1]))
model = plan.get("model", {})
options = {
    "network/model": "CM02",
    "network/TCP-gamma": 0,
    "network/weight-S": 0,
    "network/optim": "Full",
    "network/latency-factor": model.get("latencyFactor", 1),
    "network/bandwidth-factor": model.get("bandwidthFactor", 1),
    "network/crosstraffic": 1 if model.get("crossTraffic") == 0.05 else 0,
    "maxmin/precision": 1e-9,
    "surf/precision": 1e-12,
}
engine = Engine(["simgrid"] + [f"--cfg={name}:{value}" for name, value in options.items()])

platform = ['<?xml version="1.0"?><!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">']
platform.append('<platform version="4.1"><zone id="cluster" routing="Full">')
for device in plan["cluster"]["devices"]:
    platform.append(f'<host id="{device["name"]}" speed="{device["speed"]!r}f"/>')
for link in plan["cluster"]["links"]:
    policy = "FATPIPE" if link.get("sharing") == "fatpipe" else "SHARED"
    platform.append(
        f'<link id="{link["name"]}" bandwidth="{link["bandwidth"]!r}Bps" '
        f'latency="{link["latency"]!r}s" sharing_policy="{policy}"/>'
    )
for route in plan["cluster"]["routes"]:
    links = "".join(f'<link_ctn id="{name}"/>' for name in route["links"])
    platform.append(f'<route src="{route["from"]}" dst="{route["to"]}" symmetrical="NO">{links}</route>')
platform.append("</zone></platform>")
with open("platform.xml", "w") as file:
    file.write("".join(platform))
engine.load_platform("platform.xml")

activities = plan["tasks"] + plan["messages"]
ready = {activity["id"]: Semaphore(0) for activity in activities}
successors = {activity["id"]: [] for activity in activities}
for activity in activities:
    for before in activity["after"]:
        successors[before].append(activity["id"])
processor = {device["name"]: Mutex() for device in plan["cluster"]["devices"]}
finish = {}


def play(activity):
    for _ in activity["after"]:
        ready[activity["id"]].acquire()
    if "flops" in activity:
        processor[activity["device"]].lock()
        this_actor.execute(activity["flops"])
        processor[activity["device"]].unlock()
    elif activity["from"] != activity["to"]:
        Comm.sendto(Host.by_name(activity["from"]), Host.by_name(activity["to"]), activity["bytes"])
    finish[activity["id"]] = Engine.clock
    for successor in successors[activity["id"]]:
        ready[successor].release()


for activity in activities:
    Actor.create(activity["id"], Host.by_name(activity.get("device", activity.get("from"))), play, activity)
engine.run()
print(json.dumps({activity["id"]: finish[activity["id"]] for activity in activities}))
