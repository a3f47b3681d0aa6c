# Makes two users with old scripts, their pools, and nginx in front of them. $PORT is nginx's.
set -eu
useradd --create-home syanna
useradd --create-home sybert
useradd --create-home sycarl
# Closed to everybody else, as homes are.
chmod 0700 /home/sy*

for user in syanna sybert sycarl; do
    mkdir "/home/$user/cgi-bin"
    cat >"/home/$user/cgi-bin/who.py" <<'END'
#!/usr/bin/python3
import cgi, os, pwd

home = pwd.getpwuid(os.getuid()).pw_dir
with open(os.path.join(home, "visits"), "a") as visits:
    visits.write(".")
with open("/proc/self/cgroup") as groups:
    group = [line.strip() for line in groups if line.startswith("0::")][0]
print("Content-Type: text/plain")
print()
print("user", pwd.getpwuid(os.getuid()).pw_name)
print("group", group)
END
    # What it leaves behind has a session of its own, and nobody waits for it.
    cat >"/home/$user/cgi-bin/leave.sh" <<'END'
#!/bin/sh
setsid sleep 100000 </dev/null >/dev/null 2>&1 &
echo "Content-Type: text/plain"
echo
echo left
END
    cat >"/home/$user/cgi-bin/hello.sh" <<'END'
#!/bin/sh
echo "Content-Type: text/plain"
echo
echo hello
END
    # Ends when its gate is opened.
    cat >"/home/$user/cgi-bin/slow.sh" <<'END'
#!/bin/sh
touch /tmp/slow-began
while [ ! -e /tmp/slow-gate ]; do sleep 0.1; done
echo "Content-Type: text/plain"
echo
echo slow
END
    echo 'not for execution' >"/home/$user/cgi-bin/data.txt"
    chmod 0755 "/home/$user/cgi-bin"/*.py "/home/$user/cgi-bin"/*.sh
    chown -R "$user:" "/home/$user/cgi-bin"
done

mkdir /srv/syapp
cat >/srv/syapp/app.py <<'END'
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"application\n"]
END

cat >/etc/cgi-fpm/pools.d/sy.toml <<'END'
[pool.anna]
listen = "/run/cgi-fpm/anna.sock"
listen_owner = "www-data"
listen_group = "www-data"
allowed_users = ["www-data"]
root = "/home/syanna/cgi-bin"
user = "syanna"
slowlog = "/var/log/cgi-fpm/anna.slow"
slow_after = "5s"
access_log = "/var/log/cgi-fpm/anna.access"

[pool.anna.python]
preload = ["cgi"]

[pool.bert]
listen = "fd:bert"
allowed_users = ["www-data"]
root = "/home/sybert/cgi-bin"
user = "sybert"

[pool.app]
listen = "/run/cgi-fpm/app.sock"
listen_group = "www-data"
allowed_users = ["www-data"]
root = "/srv/syapp"
mode = "wsgi"
user = "sybert"
max_children = 2
pm = "static"

[pool.app.python]
app = "app:application"
END

# As its first comment says.
sed -e 's|/run/cgi-fpm/cgi.sock|/run/cgi-fpm/bert.sock|' -e 's|^FileDescriptorName=.*|FileDescriptorName=bert|' \
    /usr/lib/systemd/system/cgi-fpm.socket >/etc/systemd/system/cgi-fpm-bert.socket

# As the comment in cgi-fpm@.service says.
mkdir -p /etc/cgi-fpm/users
cat >/etc/cgi-fpm/users/sycarl.toml <<'END'
[daemon]
control = "/run/cgi-fpm/sycarl/control.sock"

[pool.carl]
listen = "/run/cgi-fpm/sycarl/cgi.sock"
listen_mode = "0666"
allowed_users = ["www-data"]
root = "/home/sycarl/cgi-bin"
END

cat >/etc/nginx/nginx.conf <<END
user www-data;
worker_processes 1;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log warn;
events { worker_connections 1024; }
http {
    access_log off;
    upstream anna { server unix:/run/cgi-fpm/anna.sock; keepalive 8; }
    upstream bert { server unix:/run/cgi-fpm/bert.sock; keepalive 8; }
    fastcgi_read_timeout 120s;
    server {
        listen 127.0.0.1:$PORT;
        location ~ ^/anna(/.*) {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /home/syanna/cgi-bin\$1; fastcgi_pass unix:/run/cgi-fpm/anna.sock; }
        location ~ ^/anna-kept(/.*) {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /home/syanna/cgi-bin\$1; fastcgi_keep_conn on; fastcgi_pass anna; }
        location ~ ^/bert(/.*) {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /home/sybert/cgi-bin\$1; fastcgi_pass unix:/run/cgi-fpm/bert.sock; }
        location ~ ^/bert-kept(/.*) {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /home/sybert/cgi-bin\$1; fastcgi_keep_conn on; fastcgi_pass bert; }
        location ~ ^/carl(/.*) {
            include /etc/nginx/fastcgi_params; fastcgi_param SCRIPT_FILENAME /home/sycarl/cgi-bin\$1; fastcgi_pass unix:/run/cgi-fpm/sycarl/cgi.sock; }
        location /app { include /etc/nginx/fastcgi_params; fastcgi_pass unix:/run/cgi-fpm/app.sock; }
    }
}
END

systemctl daemon-reload
systemctl start cgi-fpm-bert.socket
systemctl start cgi-fpm.service
systemctl start nginx.service
