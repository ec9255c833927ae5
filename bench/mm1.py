"""The queue of bench/mm1.mjs in SimPy (pip install simpy): python bench/mm1.py [CUSTOMERS] [SEED]."""

import random
import sys
import time

import simpy

customers = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
random.seed(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
environment = simpy.Environment()
server = simpy.Resource(environment, capacity=1)
sojourn = 0.0


def customer():
    global sojourn
    arrival = environment.now
    with server.request() as turn:
        yield turn
        yield environment.timeout(random.expovariate(1.0))
    sojourn += environment.now - arrival


def arrivals():
    for _ in range(customers):
        yield environment.timeout(random.expovariate(0.8))
        environment.process(customer())


environment.process(arrivals())
begin = time.perf_counter()
environment.run()
seconds = time.perf_counter() - begin
print(f"{customers / seconds:.0f} customers/s, mean time in system {sojourn / customers:.4f} s")
