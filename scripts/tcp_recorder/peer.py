"""A receiver at the far end of a path: acknowledges the endpoint's data an RTT later, loses and delays some of it.

Counts transmissions and acknowledgements from 0; which of them are lost or late is decided before a recording begins,
so that the script stays the same when the endpoint's timing does not.
"""
import dataclasses


@dataclasses.dataclass
class Path:
    losses: set = dataclasses.field(default_factory=set)      # transmissions of the endpoint
    delays: dict = dataclasses.field(default_factory=dict)    # of a transmission, us
    ack_losses: set = dataclasses.field(default_factory=set)  # acknowledgements of the peer


@dataclasses.dataclass(order=True)
class Arrival:
    due: int
    number: int
    seq: int
    end: int
    timestamp: int | None


class Peer:
    def __init__(self, recorder, path, *, gap_us, every=1, delayed_ack_us=40000, dsack=True, window=4096):
        """`gap_us`: at least this much between two arrivals; `every`: segments per acknowledgement."""
        self.recorder, self.path = recorder, path
        self.gap_us, self.every, self.delayed_ack_us = gap_us, every, delayed_ack_us
        self.dsack, self.window = dsack, window
        self.transmissions = self.acknowledgements = 0
        self.arrivals = []      # in the order of their time
        self.last_due = 0
        self.received = 1       # all in order up to here
        self.blocks = []        # beyond it: [left, right], the newest first
        self.unacknowledged = 0
        self.ack_due = None     # of a delayed acknowledgement
        self.echo = None
        recorder.on_data = self.on_data

    def on_data(self, segment, when):
        has_fin = "FIN" in segment["flags"]
        if "SYN" in segment["flags"] or (segment["len"] == 0 and not has_fin):
            return
        number = self.transmissions
        self.transmissions += 1
        if number in self.path.losses:
            return
        # A little that differs between segments: arrivals should not all fall onto the same place between two ticks.
        spread = (37 if len(segment["flags"]) > 1 else 0) + number * 7 % 61
        due = when + self.recorder.setup.rtt_us + self.path.delays.get(number, 0) + spread
        if number not in self.path.delays:
            due = self.last_due = max(due, self.last_due + self.gap_us)
        timestamp = segment["opts"].get("ts", {}).get("val")
        self.arrivals.append(Arrival(due, number, segment["seq"], segment["seq"] + segment["len"] + has_fin, timestamp))
        self.arrivals.sort()

    def receive(self, seq, end):
        """Takes in what arrived. Returns the duplicate block to report, or None."""
        if end <= self.received:
            return [seq, end]
        duplicate = [seq, self.received] if seq < self.received else None
        if any(left <= seq and end <= right for left, right in self.blocks):
            duplicate = [seq, end]
        seq = max(seq, self.received)
        apart = []
        for left, right in self.blocks:
            if left <= end and seq <= right:
                seq, end = min(seq, left), max(end, right)
            else:
                apart.append([left, right])
        self.blocks = [[seq, end]] + apart
        while reached := [block for block in self.blocks if block[0] <= self.received]:
            self.received = max(self.received, *(right for _, right in reached))
            self.blocks = [block for block in self.blocks if block not in reached]
        return duplicate

    def live_until(self, end):
        """Does all that is due until then."""
        while True:
            dues = [end, *(arrival.due for arrival in self.arrivals[:1])]
            due = min(dues if self.ack_due is None else [*dues, self.ack_due])
            if self.recorder.at_or_output(due):
                continue
            if due >= end and not (self.arrivals and self.arrivals[0].due <= end):
                return
            if self.ack_due is not None and self.ack_due <= due:
                self.acknowledge(None)
            else:
                self.take(self.arrivals.pop(0))

    def take(self, arrival):
        in_order, had_holes = arrival.seq <= self.received, bool(self.blocks)
        duplicate = self.receive(arrival.seq, arrival.end)
        self.unacknowledged += 1
        if arrival.timestamp is not None and in_order:
            self.echo = arrival.timestamp
        if duplicate or had_holes or self.blocks or self.unacknowledged >= self.every:
            self.acknowledge(duplicate)
        elif self.ack_due is None:
            self.ack_due = arrival.due + self.delayed_ack_us

    def acknowledge(self, duplicate):
        self.unacknowledged, self.ack_due = 0, None
        number = self.acknowledgements
        self.acknowledgements += 1
        if number in self.path.ack_losses:
            return
        setup = self.recorder.setup
        blocks = ([duplicate] if duplicate and self.dsack else []) + self.blocks
        blocks = blocks[:3 if setup.timestamps else 4] if setup.sack else []
        timestamp = None if self.echo is None else {"ecr": self.echo}
        self.recorder.inject("ACK", 1, ack=self.received, window=self.window, sack=blocks, timestamp=timestamp)
        self.recorder.check()
