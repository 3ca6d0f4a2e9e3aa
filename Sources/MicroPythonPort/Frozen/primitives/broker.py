# Messages from tasks that publish to whatever subscribed to their topic.
# "# line N" gives the next line the number that tracebacks show with the well-known package.

import asyncio
import re
from . import type_coro
from .queue import Queue
from .ringbuf_queue import RingbufQueue


# What classes of agents derive from; they have put(topic, message, *args).
class Agent:
    pass


# Stands for every topic that matches.
class RegExp:
    def __init__(self, re_str):
        self._pattern = re.compile(re_str)

    def matching(self, topic):
        return self._pattern.match(topic) is not None


def _can_receive(agent):
    return isinstance(agent, (asyncio.Event, Queue, RingbufQueue, Agent)) or callable(agent)


# By topic, a list of (agent, arguments).
class Broker(dict):
    Verbose = True

    def _tell(self, *text):
        if self.Verbose:
            print(*text)

    def subscribe(self, topic, agent, *args):
        if not _can_receive(agent):
            # line 41
            raise ValueError("Invalid agent:", agent)
        subscription = (agent, args)
        hash(subscription)
        subscriptions = self.setdefault(topic, [])
        if subscription in subscriptions:
            self._tell(f"Duplicate agent {subscription} in topic {topic}.")
        else:
            subscriptions.append(subscription)

    def unsubscribe(self, topic, agent, *args):
        subscription = (agent, args)
        subscriptions = self.get(topic)
        if subscriptions is None:
            self._tell(f"Unsubscribe topic {topic} fail: topic not subscribed.")
        elif subscription not in subscriptions:
            self._tell(f"Unsubscribe agent {subscription} from topic {topic} fail: agent not subscribed.")
        else:
            subscriptions.remove(subscription)
            if not subscriptions:
                del self[topic]

    def publish(self, topic, message=None):
        # An agent that several topics name is told once. Agents may subscribe and unsubscribe meanwhile.
        told = list(self.get(topic, ()))
        if isinstance(topic, str):
            for wanted, subscriptions in self.items():
                if isinstance(wanted, RegExp) and wanted.matching(topic):
                    told += [each for each in subscriptions if each not in told]
        for agent, args in told:
            if isinstance(agent, asyncio.Event):
                agent.set()
            elif isinstance(agent, Agent):
                agent.put(topic, message, *args)
            elif isinstance(agent, (Queue, RingbufQueue)):
                try:
                    agent.put_nowait((topic, message, args) if args else (topic, message))
                except Exception:
                    self._tell("Message lost topic", topic, "message", message)
            else:
                # line 84
                result = agent(topic, message, *args)
                if isinstance(result, type_coro):
                    asyncio.create_task(result)


broker = Broker()
