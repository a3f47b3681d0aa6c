"""Apache httpd with mpm_event and mod_fcgid, which starts the application itself and gives it one request at a time."""

from peers.peer import BACKLOG, WORKERS, Launch, Peer, Place, free_port, is_root

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
LoadModule fcgid_module {modules}/mod_fcgid.so
{identity}
StartServers 1
ServerLimit 1
ThreadLimit 128
ThreadsPerChild 128
MaxRequestWorkers 128
MaxKeepAliveRequests 0
KeepAliveTimeout 60
FcgidIPCDir "{directory}/fcgid"
FcgidProcessTableFile "{directory}/fcgid/table"
FcgidMaxProcesses {workers}
FcgidMaxProcessesPerClass {workers}
FcgidMinProcessesPerClass {workers}
FcgidIdleTimeout 0
FcgidProcessLifeTime 0
FcgidSpawnScoreUpLimit 1000
Alias "/cgi-bin/" "{scripts}/"
<Directory "{scripts}">
    AllowOverride None
    Options +ExecCGI
    Require all granted
    SetHandler fcgid-script
</Directory>
"""


def _launch(place: Place) -> Launch:
    address = f"127.0.0.1:{free_port()}"
    configuration = place.file(
        "httpd.conf",
        _CONFIGURATION.format(
            directory=place.directory,
            address=address,
            backlog=BACKLOG,
            modules=_MODULES,
            # Apache refuses to be root; its children change once, which costs nothing per request.
            identity="User www-data\nGroup www-data" if is_root() else "",
            scripts=place.scripts,
            workers=WORKERS,
        ),
    )
    return Launch(["apache2", "-D", "FOREGROUND", "-f", str(configuration)], address)


PEER = Peer(
    name="Apache mod_fcgid",
    program="apache2",
    package="libapache2-mod-fcgid",
    protocol="http",
    launch=_launch,
    version=("dpkg-query", "-W", "-f", "${Version}", "libapache2-mod-fcgid"),
)
