"""How the web server runs: two processes of four threads behind one socket, loaded once, stopped gracefully."""

wsgi_app = "config.wsgi"
worker_class = "gthread"
workers = 2
threads = 4
preload_app = True  # one start instead of two, and the processes share the memory of the code
max_requests = 10_000
max_requests_jitter = 1_000
timeout = 60
graceful_timeout = 20
keepalive = 5
loglevel = "warning"
# Its default place is one file in the home folder for every server of this user.
control_socket_disable = True
