"""What the timetable's engine is measured beside: greedy by score, and stable matching in which producers propose."""

from collections import defaultdict, deque
from heapq import heappush, heappushpop

from marketplace.trade.timetables.problem import Problem

Pairs = list[tuple[int, int]]


def greedy(problem: Problem) -> Pairs:
    """The dearest pair first, in the first slot in which both are free and a table is left."""
    busy: dict[tuple[str, int], set[int]] = defaultdict(set)
    left = list(problem.tables)
    met: Pairs = []
    for pair in sorted(problem.pairs, key=lambda pair: -pair.value):
        producer, buyer = problem.producers[pair.producer], problem.buyers[pair.buyer]
        of_producer, of_buyer = busy["producer", pair.producer], busy["buyer", pair.buyer]
        if len(of_producer) >= producer.most or len(of_buyer) >= buyer.most:
            continue
        free = (producer.slots - of_producer) & (buyer.slots - of_buyer)
        slot = min((slot for slot in free if left[slot]), default=None)
        if slot is not None:
            of_producer.add(slot)
            of_buyer.add(slot)
            left[slot] -= 1
            met.append((pair.producer, pair.buyer))
    return met


def stable(problem: Problem) -> Pairs:
    """Producers propose to their dearest buyers until they have all they can; buyers keep the best. No slots."""
    wishes: dict[int, deque[tuple[int, int]]] = defaultdict(deque)
    for pair in sorted(problem.pairs, key=lambda pair: -pair.value):
        wishes[pair.producer].append((pair.value, pair.buyer))
    free = {i: min(party.most, len(party.slots)) for i, party in enumerate(problem.producers)}
    holds: dict[int, list[tuple[int, int]]] = defaultdict(list)
    queue = deque(wishes)
    while queue:
        producer = queue.popleft()
        while free[producer] and wishes[producer]:
            value, buyer = wishes[producer].popleft()
            free[producer] -= 1
            party = problem.buyers[buyer]
            if len(holds[buyer]) < min(party.most, len(party.slots)):
                heappush(holds[buyer], (value, producer))
                continue
            _, refused = heappushpop(holds[buyer], (value, producer))
            free[refused] += 1
            queue.append(refused)
    return [(producer, buyer) for buyer, held in holds.items() for _, producer in held]
