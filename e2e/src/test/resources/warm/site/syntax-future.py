#!/usr/bin/python3
from __future__ import telepathy
