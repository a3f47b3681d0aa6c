"""php-fpm with a pool of its own, as often as a policy is measured."""

from __future__ import annotations

from pathlib import Path

from peers.peer import BACKLOG, Launch, Peer, Place, is_root

_CONFIGURATION = """\
[global]
pid = {directory}/php-fpm.pid
error_log = {directory}/error.log
daemonize = no
[bench]
listen = {socket}
listen.mode = 0666
listen.backlog = {backlog}
{identity}
{settings}
"""


def peer(settings: dict[str, str | int]) -> Peer:
    """A php-fpm whose pool has these settings, named as in configuration.md: `pm` itself, all others without `pm.`."""

    def launch(place: Place) -> Launch:
        socket = place.directory / "php-fpm.sock"
        lines = [f"{'pm' if key == 'pm' else 'pm.' + key} = {value}" for key, value in settings.items()]
        configuration = place.file(
            "php-fpm.conf",
            _CONFIGURATION.format(
                directory=place.directory,
                socket=socket,
                backlog=BACKLOG,
                identity="user = root\ngroup = root" if is_root() else "",
                settings="\n".join(lines),
            ),
        )
        # -n: no php.ini. -R: it may stay root, as the other server does.
        command = [_program(), "-F", "-n", *(["-R"] if is_root() else []), "-y", str(configuration)]
        return Launch(command, str(socket))

    return Peer(
        name="php-fpm",
        program=_program(),
        package="php-fpm",
        protocol="fcgi",
        launch=launch,
        version=(_program(), "-v"),
    )


def _program() -> str:
    found = sorted(Path("/usr/sbin").glob("php-fpm[0-9]*"))
    return str(found[-1]) if found else "php-fpm"
