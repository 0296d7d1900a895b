/**
 * The transport alone: reads the same bytes from the same AMI socket, looks for nothing but the marker of each call, and tells the
 * browsers of the phones that ring something as large as a pop.
 */
import { createServer } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { marker } from './ring-to-pop-calls.ts';

const [amiPort = '0', popBytes = '2000'] = process.argv.slice(2);
const filler = 'x'.repeat(Number(popBytes));
const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => socket.join(String(socket.handshake.query.extension)));

const wanted = new RegExp(`UserEvent: ${marker}\r\nCallId: (\\S+)\r\nExtensions: (\\S+)\r\n\r\n`, 'g');
const ami = net.connect(Number(amiPort), '127.0.0.1');
ami.setNoDelay(true);
ami.setEncoding('latin1');
ami.write('Action: Login\r\nUsername: bench\r\nSecret: bench\r\nEvents: on\r\n\r\n');
let unread = '';
ami.on('data', (text: string) => {
  unread += text;
  let read = 0;
  for (const found of unread.matchAll(wanted)) {
    const [mark, callId, extensions = ''] = found;
    for (const extension of extensions.split(',')) io.to(extension).emit('echo', { callId, filler });
    read = found.index + mark.length;
  }
  unread = unread.slice(Math.max(read, unread.length - 1_000));
});

http.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (http.address() as AddressInfo).port });
});
