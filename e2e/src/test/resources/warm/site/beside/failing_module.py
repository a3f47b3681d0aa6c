import json


def start():
    json.loads("{")


start()
