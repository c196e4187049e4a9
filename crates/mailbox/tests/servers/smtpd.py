import asyncio, os, sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, password = sys.argv[1], sys.argv[2]
count = 0


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"desk" and data.password == password.encode()
    return AuthResult(success=right)


def refused(command):
    """What the next command of that name is answered with, if somebody said so."""
    name = os.path.join(folder, "refuse-" + command)
    if not os.path.exists(name):
        return None
    with open(name) as file:
        answer = file.read()
    os.remove(name)
    return answer


class Handler:
    async def handle_MAIL(self, server, session, envelope, address, options):
        answer = refused("MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = refused("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server, session, envelope):
        global count
        answer = refused("DATA")
        if answer is not None:
            return answer
        count += 1
        name = os.path.join(folder, "%04d" % count)
        with open(name, "wb") as file:
            file.write(envelope.original_content)
        os.rename(name, name + ".eml")
        return "250 OK"


async def main():
    loop = asyncio.get_running_loop()
    make = lambda: SMTP(Handler(), authenticator=authenticate, auth_require_tls=False, auth_required=True)
    server = await loop.create_server(make, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
