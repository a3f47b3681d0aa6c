"""The servers that are compared: one file each, which knows how to configure it, start it and ask it."""

from peers import apache, cgi_fpm, fcgiwrap, lighttpd, uwsgi
from peers.peer import Peer

#: In the order of the tables. The bare spawn is no server and stands in measure.floor.
SERVERS: tuple[Peer, ...] = (cgi_fpm.PEER, fcgiwrap.PEER, apache.PEER, lighttpd.PEER, uwsgi.PEER)
