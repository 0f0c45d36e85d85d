"""Serves the flags of this crate over TLS. A folder holds its certificate.pem and key.pem."""

import functools
import http.server
import ssl
import sys
from pathlib import Path

folder = Path(sys.argv[1])
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")


class Handler(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        # The original's addresses name each code twice: /data/flags/kr/kr.gif.
        return super().translate_path("/" + path.rsplit("/", 1)[-1])


handler = functools.partial(Handler, directory=folder.parent.parent / "assets" / "flags")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"https://127.0.0.1:{server.server_port}/data/flags", flush=True)
server.serve_forever()
