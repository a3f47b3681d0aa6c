"""A Flask application as its users write it."""
import os

from flask import Flask, Response, jsonify, request, stream_with_context

application = Flask(__name__)


@application.route("/")
def home():
    return Response("flask %d\n" % os.getpid(), mimetype="text/plain")


@application.route("/hello/<name>")
def hello(name):
    return jsonify(name=name, query=request.args.get("q"), url=request.url)


@application.route("/form", methods=["POST"])
def form():
    return Response("got %s and %s\n" % (request.form["a"], request.form["b"]), mimetype="text/plain")


@application.route("/echo", methods=["POST"])
def echo():
    return Response(request.get_data(), mimetype="application/octet-stream")


@application.route("/stream")
def stream():
    return Response(stream_with_context("line %d\n" % i for i in range(1000)), mimetype="text/plain")


@application.route("/broken")
def broken():
    raise RuntimeError("broken on purpose")
