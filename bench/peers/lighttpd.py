"""lighttpd with mod_cgi: one process that starts every script itself. It has no limit on scripts at once."""

from peers.peer import BACKLOG, Launch, Peer, Place, free_port

_CONFIGURATION = """\
server.modules = ( "mod_alias", "mod_cgi" )
server.document-root = "{directory}"
server.bind = "127.0.0.1"
server.port = {port}
server.listen-backlog = {backlog}
server.errorlog = "{directory}/error.log"
server.max-fds = 2048
server.upload-dirs = ( "{directory}" )
alias.url = ( "/cgi-bin/" => "{scripts}/" )
$HTTP["url"] =~ "^/cgi-bin/" {{
    cgi.assign = ( "" => "" )
}}
"""


def _launch(place: Place) -> Launch:
    port = free_port()
    configuration = place.file(
        "lighttpd.conf",
        _CONFIGURATION.format(directory=place.directory, port=port, backlog=BACKLOG, scripts=place.scripts),
    )
    return Launch(["lighttpd", "-D", "-f", str(configuration)], f"127.0.0.1:{port}")


PEER = Peer(
    name="lighttpd mod_cgi",
    program="lighttpd",
    package="lighttpd",
    protocol="http",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "lighttpd"),
)
