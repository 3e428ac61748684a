#!/usr/bin/python3
"""One line for each Service: phase, VIPs, external addresses, members.

Reads the JSON mirror of the status topic to its end. Usage: status-table.py BOOTSTRAP [PREFIX]
Needs confluent_kafka (Debian: python3-confluent-kafka).
"""
import json
import sys

from confluent_kafka import Consumer, KafkaError, TopicPartition


def read_table(bootstrap, topic):
    """The newest value of each key; a tombstone takes the key out."""
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "not-used",                # required by the client; nothing is committed
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "isolation.level": "read_committed",   # records of aborted transactions are none
    })
    partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    table, at_end = {}, set()
    while len(at_end) < len(partitions):
        message = consumer.poll(10)
        if message is None:
            raise SystemExit("Kafka does not answer")
        if message.error():
            if message.error().code() != KafkaError._PARTITION_EOF:
                raise SystemExit(message.error())
            at_end.add(message.partition())
        elif message.value() is None:
            table.pop(message.key().decode(), None)
        else:
            table[message.key().decode()] = json.loads(message.value())
    consumer.close()
    return table


def line(key, status):
    load_balancers = status["loadBalancers"]
    vips = [vip["address"] for each in load_balancers for vip in each["vips"]]
    members = sum(listener["members"] for each in load_balancers for listener in each["listeners"])
    externals = [external["address"] for external in status["externals"]]
    return "%-40s %-12s %-24s %-24s %d members %s" % (
        key, status["phase"], ",".join(vips) or "-", ",".join(externals) or "-", members, status["message"])


if __name__ == "__main__":
    prefix = sys.argv[2] if len(sys.argv) > 2 else "ballast."
    for key, status in sorted(read_table(sys.argv[1], prefix + "load-balancer-status.json").items()):
        print(line(key, status).rstrip())
