"""Apache httpd with mpm_event and mod_cgid. It has no limit on scripts at once."""

from peers.peer import BACKLOG, Launch, Peer, Place, free_port, is_root

_MODULES = "/usr/lib/apache2/modules"

_CONFIGURATION = """\
ServerRoot "{directory}"
ServerName localhost
Listen {address}
ListenBackLog {backlog}
PidFile "{directory}/httpd.pid"
ErrorLog "{directory}/error.log"
LogLevel warn
Mutex file:{directory} default
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule cgid_module {modules}/mod_cgid.so
{identity}
ScriptSock "{directory}/cgid.sock"
ScriptAlias "/cgi-bin/" "{scripts}/"
<Directory "{scripts}">
    AllowOverride None
    Options +ExecCGI
    Require all granted
</Directory>
"""


def _launch(place: Place) -> Launch:
    address = f"127.0.0.1:{free_port()}"
    # Apache refuses to be root; its children change once, which costs nothing per request.
    identity = "User www-data\nGroup www-data" if is_root() else ""
    configuration = place.file(
        "httpd.conf",
        _CONFIGURATION.format(
            directory=place.directory,
            address=address,
            backlog=BACKLOG,
            modules=_MODULES,
            identity=identity,
            scripts=place.scripts,
        ),
    )
    return Launch(["apache2", "-D", "FOREGROUND", "-f", str(configuration)], address)


PEER = Peer(
    name="Apache mod_cgid",
    program="apache2",
    package="apache2-bin",
    protocol="http",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "apache2-bin"),
)
