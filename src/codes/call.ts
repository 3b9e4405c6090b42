/** How calls and their legs end, as clients, call logs and Call Automation events see it. */

import type { Row } from './row.ts';

export const call = {
  // Normal endings
  'call/0/0': {
    surface: 'call',
    code: 0,
    subCode: 0,
    category: 'Success',
    name: 'Hung up on this side',
    meaning:
      'The participant whose record this is ended the call. It is the ordinary end of an answered call.',
    advice: 'Nothing is wrong. To see which side hung up first and when, run `ringback call ID`.',
    printed: ['calling-end:0/0', 'pstn:0/0'],
    standing: 'ruled',
  },
  'call/0/560000': {
    surface: 'call',
    code: 0,
    subCode: 560000,
    category: 'Success',
    name: 'The called phone hung up',
    meaning: 'The far end of an outbound call to a phone number sent BYE after answering.',
    advice:
      'Nothing to fix. If people say they did not hang up, look in `ringback call ID` for the BYE: a carrier that cuts calls for want of RTP or at a session timer ends them with this row too.',
    printed: ['calling-end:0/560000', 'pstn:0/560000'],
    standing: 'ruled',
  },
  'call/0/540000': {
    surface: 'call',
    code: 0,
    subCode: 540000,
    category: 'Success',
    name: 'The phone caller hung up',
    meaning:
      'Someone who had rung one of your `numbers` through a trunk ended the answered call from their phone.',
    advice:
      'Nothing to fix. When calls end seconds after the answer, see in `ringback call ID` whether your application had started to play or only kept silent.',
    printed: ['calling-end:0/540000', 'pstn:0/540000'],
    standing: 'ruled',
  },
  'call/0/7000': {
    surface: 'call',
    code: 0,
    subCode: 7000,
    category: 'Success',
    name: 'Ended by the application',
    meaning:
      'A Call Automation application hung up its one-to-one call or terminated a call for everyone. Its own event shows the code as 200.',
    advice:
      'Expected when your code called hangUp. If it did not, `ringback call ID` shows the request that ended the call and its operation context.',
    printed: ['calling-end:0/7000', 'generic-subcode:-/7000'],
    reading:
      'Printed as a calling end code with code 0 and in the generic list without one; it is one ending, so one row.',
    standing: 'ruled',
  },
  'call/0/4097': {
    surface: 'call',
    code: 0,
    subCode: 4097,
    category: 'Success',
    name: 'Organiser ended the call for everyone',
    meaning:
      'The participant who owns the meeting or group call closed it, and everybody still in it was dropped.',
    advice:
      'No fault of the participant. Find in `ringback call ID` who asked for the end for everyone; remove that button from the application if it was pressed by mistake.',
    printed: ['calling-end:0/4097'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/0/4521': {
    surface: 'call',
    code: 0,
    subCode: 4521,
    category: 'ExpectedError',
    name: 'Client vanished without hanging up',
    meaning:
      "A participant's application went away: tab closed, process killed or power lost, so its signalling connection broke with no goodbye.",
    advice:
      "Call hangUp from the page's unload handler if you want an ordinary end instead. `ringback call ID` shows when the connection was last heard from.",
    printed: ['calling-end:0/4521'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/0/5000': {
    surface: 'call',
    code: 0,
    subCode: 5000,
    category: 'Success',
    name: 'Removed by another participant',
    meaning: 'Somebody else in the call took this participant out through their client.',
    advice:
      'Read in `ringback call ID` who removed whom. A removal made by a Call Automation application is a different row, 0/5300.',
    printed: ['calling-end:0/5000'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/0/5002': {
    surface: 'call',
    code: 0,
    subCode: 5002,
    name: 'Last other participant gone',
    meaning:
      'The call had nobody left for this application: the one other participant was removed, or a call between two applications was turned down. Call Automation events write it 200/5002.',
    advice:
      'Treat it as an ordinary end. For a rejected call Ringback sends 603/0, so do not wait for this one after a decline.',
    printed: [],
    reading:
      'Azure has been seen to report a rejection between two applications this way; Ringback serves 603/0 for rejections, the row whose text says so.',
    source: 'Seen in recorded Call Automation traffic',
    standing: 'ruled',
  },
  'call/0/5003': {
    surface: 'call',
    code: 0,
    subCode: 5003,
    category: 'Success',
    name: 'Every endpoint of the callee declined',
    meaning:
      'All the devices on which the callee was being rung refused the call inside a group or one-to-many call.',
    advice:
      'Offer the caller another way to reach this person. When only one device was rung, a refusal is 603/0; `ringback call ID` lists the devices.',
    printed: ['calling-end:0/5003'],
    reading:
      'A later revision of the table explains this subcode as the call having already ended; Ringback follows the text that speaks of declining.',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/0/5010': {
    surface: 'call',
    code: 0,
    subCode: 5010,
    name: 'Only one participant was left',
    meaning:
      'A call that several people had been in ended because all but one had gone. Call Automation events write it 200/5010.',
    advice:
      'Normal for a call that empties. If the others left against their will, their own rows in `ringback call ID` say why.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'ruled',
  },
  'call/0/5013': {
    surface: 'call',
    code: 0,
    subCode: 5013,
    name: 'Nobody joined the group call',
    meaning:
      'The group call was created and its invitations came to nothing, so it ended empty. Call Automation events write it 200/5013.',
    advice:
      'Look at the outcome of each invitation in `ringback call ID`: the reason is there, one per target.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'ruled',
  },
  'call/0/5300': {
    surface: 'call',
    code: 0,
    subCode: 5300,
    category: 'Success',
    name: 'Removed from the conversation',
    meaning:
      'The participant was taken out from outside: by a Call Automation application, a Graph request or a cancelled invitation.',
    advice:
      'Find the remove or cancel request in `ringback call ID`; its operation context names the code path that sent it.',
    printed: ['calling-end:0/5300'],
    standing: 'ruled',
  },
  'call/0/5317': {
    surface: 'call',
    code: 0,
    subCode: 5317,
    category: 'ExpectedError',
    name: 'Role change ended the stay in the room',
    meaning:
      'While the user was in a room call, the list of participants was edited so that the user may no longer be there.',
    advice:
      "Compare the room's participant list with the time of the removal. Add the user again with the intended role, then let the user rejoin.",
    printed: ['calling-end:0/5317'],
    standing: 'not yet',
    why: 'rooms',
  },
  'call/0/7015': {
    surface: 'call',
    code: 0,
    subCode: 7015,
    name: 'Left through a transfer',
    meaning:
      'A transfer succeeded, so the leg that was handed over ended here and goes on at the new target. Call Automation events write it 200/7015.',
    advice:
      'Nothing to fix: do not play a hang-up sound for it. Where the phone went stands in `ringback call ID`; where Ringback joined it to the target, that timeline goes on.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article; a constant of the web UI library',
    standing: 'ruled',
  },

  // Ended before anybody answered
  'call/487/0': {
    surface: 'call',
    code: 487,
    subCode: 0,
    category: 'Success',
    name: 'Caller gave up while it rang',
    meaning: 'The side that placed the call cancelled it before an answer came.',
    advice:
      'Nothing to fix. If your application cancels too early, compare the ring time in `ringback call ID` with its own timer.',
    printed: ['calling-end:487/0'],
    standing: 'ruled',
  },
  'call/487/540487': {
    surface: 'call',
    code: 487,
    subCode: 540487,
    category: 'Success',
    name: 'The phone caller gave up while it rang',
    meaning:
      'A caller on the phone network dialled one of your `numbers` and sent CANCEL before the call was answered.',
    advice:
      'Answer sooner: `ringback call ID` shows the time between IncomingCall and the CANCEL, and `ringback deliveries` shows how long your endpoint took to take the event.',
    printed: ['calling-end:487/540487', 'pstn:487/540487'],
    standing: 'ruled',
  },
  'call/487/560487': {
    surface: 'call',
    code: 487,
    subCode: 560487,
    name: 'Outbound ringing was stopped',
    meaning:
      'The INVITE to a phone number ended with 487, because the application hung up or the ring limit passed. It is the log row of that phone leg; the application itself sees 487/0 or 487/10004.',
    advice:
      "Look at the application's row of the same call in `ringback call ID` to see who stopped the ringing. A 487 without a CANCEL of ours came from the carrier itself.",
    printed: ['pstn:497/560487'],
    reading:
      'The table prints code 497, which elsewhere stands for trouble on the local network, while SIP calls a terminated request 487. Ringback serves 487; `compat.code560487: 497` serves the printed value, and `ringback explain` knows both.',
    standing: 'ruled',
  },
  'call/487/10003': {
    surface: 'call',
    code: 487,
    subCode: 10003,
    category: 'Success',
    name: 'Answered on another device',
    meaning:
      'The callee was rung on several devices, or by client and application at once, and a different one took the call.',
    advice:
      'Nothing to fix: stop ringing on this device and show nothing. `ringback call ID` names the endpoint that answered.',
    printed: ['calling-end:487/10003'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/487/10004': {
    surface: 'call',
    code: 487,
    subCode: 10004,
    category: 'ExpectedError',
    name: 'Rang until the time limit',
    meaning:
      'Ringing ran its full length without an answer or refusal: `callRinging.pstn` for phone numbers (115 s), 120 s for users, or the invitation time-out the request asked for.',
    advice:
      'Check that the callee could notice the call. `ringback call ID` shows when ringing began and which limit ended it; `invitationTimeoutInSeconds` in a request makes it shorter.',
    printed: ['calling-end:487/10004'],
    standing: 'ruled',
  },
  'call/487/10024': {
    surface: 'call',
    code: 487,
    subCode: 10024,
    category: 'Success',
    name: 'Declined on all devices',
    meaning: 'The callee had several devices registered, each one was rung, and each one refused.',
    advice:
      'Respect the refusal or offer another channel. The order in which the devices refused is in `ringback call ID`.',
    printed: ['calling-end:487/10024'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/487/4501': {
    surface: 'call',
    code: 487,
    subCode: 4501,
    name: 'No media offer came with the call',
    meaning: 'The answering side wanted to accept, yet no usable media description was there to answer.',
    advice:
      'Capture the signalling of the answering client and look for the missing offer. A media stack that failed to open a device often stands behind it.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/487': {
    surface: 'call',
    code: 487,
    name: 'Cancelled, without a finer reason',
    meaning:
      'The call ended before it was up: cancelled, refused locally, matched to the wrong endpoint, or left without an offer of media. No subcode tells these apart.',
    advice:
      'Expected in most cases. Look for a row with subcode on the other side of the call with `ringback call ID`, which usually says which of the four it was.',
    printed: ['calling-client:487/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/486/560486': {
    surface: 'call',
    code: 486,
    subCode: 560486,
    category: 'Success',
    name: 'Called number is busy',
    meaning:
      'The carrier answered 486: the number you dialled is in another call or cannot take one now. `resultInformation` carries the SIP answer and Q.850 cause 17 beside it.',
    advice:
      "Try again later. When a number is busy every time, read the SIP exchange in `ringback call ID` and test the same number from the carrier's side.",
    printed: ['calling-end:486/560486', 'pstn:486/60486'],
    reading:
      'The PSTN table prints the subcode as 60486 with no category, the calling table as 560486 with Success. Ringback serves 560486 and Success; the short form is understood when you look it up.',
    standing: 'ruled',
  },
  'call/486/540486': {
    surface: 'call',
    code: 486,
    subCode: 540486,
    name: 'Inbound call met a busy line',
    meaning:
      'A call coming in over a trunk was answered 486 on our side and shows up so in the log of that leg.',
    advice:
      "Find out which application or user refused with busy in `ringback call ID`. The refusing application's own view is 486/8539.",
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'ruled',
  },
  'call/486/10321': {
    surface: 'call',
    code: 486,
    subCode: 10321,
    name: 'A bot took too long',
    meaning: 'The call was meant for a bot, which kept its caller waiting past its limit.',
    advice: "Look at the bot's log for the time it needed to respond. The user may simply try again.",
    printed: [],
    source: 'A constant of the web UI library',
    standing: 'out of reach',
    why: 'bots of the service have a limit of their own that is not documented; applications here end in 408/8587',
  },
  'call/603/0': {
    surface: 'call',
    code: 603,
    subCode: 0,
    category: 'Success',
    name: 'Declined by the callee',
    meaning:
      'The callee refused: a client pressed reject, a Call Automation application rejected with reason none, or the phone side turned the call away.',
    advice:
      'Nothing is broken. If the refusal came from your own application, `ringback call ID` shows its reject request and the reason it gave.',
    printed: ['calling-end:603/0'],
    standing: 'ruled',
  },
  'call/603/560603': {
    surface: 'call',
    code: 603,
    subCode: 560603,
    name: 'Phone call declined or over the cap',
    meaning:
      'Either the carrier answered 603, because a person or its fraud filter declined, or this number already had as many calls as it may have and Ringback refused the next one.',
    advice:
      'See whether `ringback call ID` has SIP details. With them, ask the carrier. Without them the cap was reached: end calls sooner, use more `numbers`, or raise `maxConcurrentCalls` of the number or `maxConcurrentCallsPerNumber` of the trunk.',
    printed: ['pstn:603/560603'],
    standing: 'ruled',
  },
  'call/603': {
    surface: 'call',
    code: 603,
    name: 'Declined everywhere',
    meaning: 'The callee refused for all devices at once, and nothing more is known about it.',
    advice:
      'Normal behaviour; tell the caller the call was declined. Where Ringback knows that a person or application refused it sends 603/0 instead.',
    printed: ['calling-client:603/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/600': {
    surface: 'call',
    code: 600,
    name: 'Busy everywhere',
    meaning: 'Every device of the callee was reached and every one said it was busy.',
    advice:
      'Try later, or let the caller leave a message. `ringback call ID` lists the devices that were asked.',
    printed: ['calling-client:600/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/604': {
    surface: 'call',
    code: 604,
    name: 'The address exists nowhere',
    meaning:
      "The system that is responsible for the callee's address is certain that there is no such address on any device.",
    advice:
      'Correct the identifier you dial. A number nobody in the phone network has comes back as 404/560404 instead.',
    printed: ['calling-client:604/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/606': {
    surface: 'call',
    code: 606,
    name: 'No common ground for the session',
    meaning:
      'The callee was reached and willing, but could not accept the kind of session that was offered, its media for instance.',
    advice: 'Compare offer and answer in `ringback call ID`: codecs, encryption and direction must overlap.',
    printed: ['calling-client:606/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },

  // Callee out of reach
  'call/480/10037': {
    surface: 'call',
    code: 480,
    subCode: 10037,
    category: 'ExpectedError',
    name: 'Nobody is registered for the callee',
    meaning:
      'There is no endpoint for this user and no event subscription whose filters match the call, so there was nowhere to ring. The call ends at once.',
    advice:
      'Run `ringback subscriptions`: the right one must be validated, and its filters must let this callee through. For a user, check that a client has signed in with exactly that identifier.',
    printed: ['calling-end:480/10037'],
    standing: 'ruled',
  },
  'call/480/10076': {
    surface: 'call',
    code: 480,
    subCode: 10076,
    category: 'ExpectedError',
    name: 'Callee was registered but is offline',
    meaning: "The callee's client registered earlier, and its registration had lapsed when the call came.",
    advice:
      "Keep the client's agent alive, or add push registration to wake it. The last heartbeat stands in the call's timeline, `ringback call ID`.",
    printed: ['calling-end:480/10076'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/480/10077': {
    surface: 'call',
    code: 480,
    subCode: 10077,
    category: 'ExpectedError',
    name: 'Push did not wake the callee',
    meaning:
      'The callee was known only through push notification, nobody was online, and the push brought no client up in time.',
    advice:
      'Check the push registration and its keys, then whether the notification reached the device and opened the application.',
    printed: ['calling-end:480/10077'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/480/10078': {
    surface: 'call',
    code: 480,
    subCode: 10078,
    category: 'ExpectedError',
    name: "Callee's client could not be reached",
    meaning:
      'The callee has a live registration, yet the message that should have rung the client was not delivered or not confirmed.',
    advice:
      'Test the network between that client and the server, proxies and idle time-outs first. A client that reconnects gets the next call.',
    printed: ['calling-end:480/10078'],
    standing: 'ruled',
  },
  'call/480/560480': {
    surface: 'call',
    code: 480,
    subCode: 560480,
    name: 'Phone did not answer or is unavailable',
    meaning:
      'The carrier gave up on the number with 480: it rang out on their side, is switched off or has no coverage.',
    advice:
      'Call again later. If it happens sooner than the phone could ring out, ask the carrier what its 480 means, with the Call-ID of the INVITE from `ringback call ID`.',
    printed: ['pstn:480/560480'],
    standing: 'ruled',
  },
  'call/480': {
    surface: 'call',
    code: 480,
    name: 'Remote client not registered',
    meaning: 'The other side has no endpoint that could be rung, and no finer reason is known.',
    advice:
      "Make sure the callee's client is signed in and online. Ringback's own answer for a callee with neither client nor subscription is 480/10037.",
    printed: ['calling-end:480/-', 'calling-client:480/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/404/560404': {
    surface: 'call',
    code: 404,
    subCode: 560404,
    name: 'Carrier does not know the number',
    meaning: 'The carrier answered 404: the number is unassigned, or your trunk may not reach it.',
    advice:
      'Check the number digit by digit and in E.164 form. If it is right, see with `ringback trunks` which trunk carried the call and ask that carrier.',
    printed: ['pstn:404/560404'],
    standing: 'ruled',
  },
  'call/404/511404': {
    surface: 'call',
    code: 404,
    subCode: 511404,
    name: 'No such number or resource here',
    meaning:
      'The dialled number lies in one of our own ranges and is assigned to nobody, or the calling resource is unknown or disabled. No carrier was asked.',
    advice:
      'Run `ringback numbers` and look for both numbers of the call. Assign the missing one under `numbers`, or take it out of `numberRanges` if a carrier has it.',
    printed: ['pstn:404/511404'],
    standing: 'ruled',
  },
  'call/404/4500': {
    surface: 'call',
    code: 404,
    subCode: 4500,
    name: 'No such call to join',
    meaning:
      'The group, room or server call that the request named does not exist, or does not exist any more.',
    advice:
      'Fetch a fresh call locator before joining. An identifier kept from an earlier call goes stale as soon as that call ends.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/404/404': {
    surface: 'call',
    code: 404,
    subCode: 404,
    name: 'Call was gone at the answer',
    meaning: 'The application tried to answer a call that no longer existed by then.',
    advice:
      'Answer as soon as IncomingCall arrives and do nothing slow before it. Ringback answers such a request with 404/8522 while it still waits for the response.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'failures found after an answer was accepted',
  },
  'call/404/5732': {
    surface: 'call',
    code: 404,
    subCode: 5732,
    name: 'Room not found',
    meaning: 'The client asked to join a room whose id this resource does not have.',
    advice: 'Create the room first or correct its id; ids of rooms deleted since then end here as well.',
    printed: [],
    source: 'A constant of the web UI library',
    standing: 'not yet',
    why: 'rooms',
  },
  'call/404': {
    surface: 'call',
    code: 404,
    name: 'Call not found',
    meaning:
      'The call to join, or the number to reach, could not be found, and nothing more precise is known.',
    advice:
      'Check the identifier you dial or join. Phone numbers have rows of their own, 404/511404 here and 404/560404 at the carrier.',
    printed: ['calling-end:404/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/484/560484': {
    surface: 'call',
    code: 484,
    subCode: 560484,
    name: 'Number incomplete or malformed',
    meaning: 'The carrier answered 484: the digits it received are too few or not in a form it routes.',
    advice:
      'Dial in E.164, plus sign and country code included. If your request was right, compare it with the number in the SIP INVITE in `ringback call ID`, and ask the carrier which form it wants.',
    printed: ['pstn:484/560484'],
    standing: 'ruled',
  },
  'call/408/560408': {
    surface: 'call',
    code: 408,
    subCode: 560408,
    name: 'Carrier reported no answer in time',
    meaning: 'The carrier answered 408: it passed the call on and heard nothing back from the called party.',
    advice:
      "Repeat the call. If it goes on, give the carrier the time and Call-ID from `ringback call ID`, and on a direct-routing trunk read the session border controller's log.",
    printed: ['pstn:408/560408'],
    standing: 'ruled',
  },
  'call/408/500001': {
    surface: 'call',
    code: 408,
    subCode: 500001,
    name: 'Trunk never replied',
    meaning:
      'Our INVITE got no SIP reply whatever, so the transaction timer ran out; or a phone called, we answered, and the far side never confirmed the answer with ACK.',
    advice:
      'Run `ringback trunks` for the health of that trunk. Then check its host, port and protocol under `trunks`, any firewall between, and that the carrier can reach the address in our Contact header.',
    printed: ['pstn:408/500001'],
    standing: 'ruled',
  },
  'call/408/4506': {
    surface: 'call',
    code: 408,
    subCode: 4506,
    category: 'UnexpectedClientError',
    name: 'Set-up did not finish in time',
    meaning:
      "The caller's client waited its full set-up time (85 s) and the call was still not up, often because the callee never got it or never accepted it.",
    advice:
      'Look in `ringback call ID` for the last step that was reached. If the callee accepted and then fell silent the row is 408/10057.',
    printed: ['calling-end:408/4506'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/408/10057': {
    surface: 'call',
    code: 408,
    subCode: 10057,
    category: 'ExpectedError',
    name: 'Callee accepted, then was lost',
    meaning:
      'The callee accepted, but its client stopped talking to the server before the call was up: network gone or application closed.',
    advice:
      "Check the callee's connection at that moment. The caller can dial again; `ringback call ID` shows the accept and the silence after it.",
    printed: ['calling-end:408/10057'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/408': {
    surface: 'call',
    code: 408,
    name: 'An endpoint kept the server waiting',
    meaning: 'The part that runs the call did not get a message it needed from one of the endpoints in time.',
    advice:
      'Find the endpoint that went quiet in `ringback call ID` and check that its application was running and connected.',
    printed: ['calling-end:408/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/430/10315': {
    surface: 'call',
    code: 430,
    subCode: 10315,
    name: 'Push to the client failed',
    meaning: 'The notification that announces a call could not be handed to the client application.',
    advice:
      'Register the client for push again and check its credentials; a registration that has been withdrawn fails this way.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/430/10317': {
    surface: 'call',
    code: 430,
    subCode: 10317,
    name: 'Push to the client went unconfirmed',
    meaning:
      'The notification about the call was handed over, but the client application never confirmed it.',
    advice:
      'See whether the application woke up at all. Battery savers and closed tabs swallow the notification.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/430': {
    surface: 'call',
    code: 430,
    name: 'Message to the client not delivered',
    meaning: 'The server had something to tell the client application and could not get it there.',
    advice:
      'Check that the application is running and online; its connection history is in `ringback call ID`.',
    printed: ['calling-end:430/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/481': {
    surface: 'call',
    code: 481,
    name: 'Incoming call could not be handled',
    meaning:
      'The client or server got a message about an incoming call it has no record of, so nothing could be done with it.',
    advice:
      'Look in `ringback call ID` for an earlier end or restart that made one side forget the call; a retry starts afresh.',
    printed: ['calling-end:481/-', 'calling-client:481/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },

  // Not allowed
  'call/403/510403': {
    surface: 'call',
    code: 403,
    subCode: 510403,
    category: 'ExpectedError',
    name: 'Blocked by policy before dialling',
    meaning:
      'Ringback refused to place the phone call: the source number is missing, blocked or not owned by the resource, or the destination is not allowed. No carrier was asked.',
    advice:
      'Give `sourceCallerIdNumber` (alternateCallerId in clients) one of the numbers that `ringback numbers` lists; direct-routing trunks need none. For a refused destination add its country prefix to `destinations.allow`. The reason is in `ringback call ID`.',
    printed: ['calling-end:403/510403', 'pstn:403/510403'],
    reading:
      'One table blames spam, the other a missing alternate ID or the session border controller, and only the first prints a category. Ringback serves the row for every refusal of its own numbering policy, as ExpectedError.',
    standing: 'ruled',
  },
  'call/403/560403': {
    surface: 'call',
    code: 403,
    subCode: 560403,
    name: 'Carrier forbids the call',
    meaning:
      'The carrier answered 403: it will not carry this call, whether for the caller id, the destination or the account.',
    advice:
      'First try a caller id that the carrier assigned to you, in E.164. Then ask the carrier, with the Call-ID from `ringback call ID`; nothing on this server blocked the call.',
    printed: ['pstn:403/560403'],
    standing: 'ruled',
  },
  'call/403/511532': {
    surface: 'call',
    code: 403,
    subCode: 511532,
    name: 'No trunk for this destination',
    meaning:
      'No entry in `routes` matches the number, or the one that does names a trunk that is not configured.',
    advice:
      'Run `ringback trunks` and compare the number with the patterns under `routes`. Add a route, or the missing trunk under `trunks`, and start again.',
    printed: ['pstn:403/511532'],
    standing: 'ruled',
  },
  'call/403/5828': {
    surface: 'call',
    code: 403,
    subCode: 5828,
    category: 'UnexpectedClientError',
    name: 'Not invited to the room',
    meaning: 'The user tried to join a room without being on its list of participants.',
    advice:
      "Add the user to the room, with a role, before joining. Compare raw ids character by character: another resource's user looks much the same.",
    printed: ['calling-end:403/5828'],
    standing: 'not yet',
    why: 'rooms',
  },
  'call/403/5829': {
    surface: 'call',
    code: 403,
    subCode: 5829,
    category: 'UnexpectedClientError',
    name: 'Room is not open now',
    meaning: "The join came before the room's validFrom or after its validUntil.",
    advice:
      'Read both times of the room in UTC and move them if the meeting has. On a manual clock `ringback clock advance` can carry you past the opening.',
    printed: ['calling-end:403/5829'],
    standing: 'not yet',
    why: 'rooms',
  },
  'call/403/5830': {
    surface: 'call',
    code: 403,
    subCode: 5830,
    category: 'ExpectedError',
    name: 'Only ACS users may join rooms',
    meaning:
      'Somebody who is not a communication user, a phone number or a Teams user for example, tried to join a room.',
    advice:
      'Create an identity for that person and invite it. Phones can only be dialled out to from a room, where that is switched on.',
    printed: ['calling-end:403/5830'],
    standing: 'not yet',
    why: 'rooms',
  },
  'call/403/10124': {
    surface: 'call',
    code: 403,
    subCode: 10124,
    name: 'Teams federation refused the call',
    meaning:
      "A call to a Teams user was turned away because the two tenants do not allow each other's calls.",
    advice:
      "On Azure, allow this resource in the Teams tenant's federation settings. Ringback has no Teams side to call.",
    printed: [],
    source: 'Seen in a public repository',
    standing: 'out of reach',
    why: 'needs a Teams tenant whose federation policy refuses the resource',
  },
  'call/401/10009': {
    surface: 'call',
    code: 401,
    subCode: 10009,
    category: 'UnexpectedClientError',
    name: 'Token not accepted',
    meaning:
      "The user's access token was expired, revoked or issued for another resource when the call was placed or joined.",
    advice:
      'Issue a fresh token with the voip scope; `ringback token --user ID --scopes voip` gives one to compare with. Check the clock of the machine that caches tokens.',
    printed: ['calling-end:401/10009'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/401/71005': {
    surface: 'call',
    code: 401,
    subCode: 71005,
    category: 'UnexpectedClientError',
    name: 'Token failed when answering',
    meaning: 'The server checked the token of the party that answers and did not accept it.',
    advice: 'Refresh the token before answering and see that it belongs to the user who was called.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/495/4507': {
    surface: 'call',
    code: 495,
    subCode: 4507,
    category: 'UnexpectedClientError',
    name: 'No valid token to carry on with',
    meaning:
      "The token ran out during the call and the application's refresher gave nothing usable in its place.",
    advice:
      'Make the tokenRefresher fetch a new token each time it is asked, without returning a cached one, and log when it throws.',
    printed: ['calling-end:495/4507'],
    standing: 'not yet',
    why: 'the calling SDK',
  },

  // Network and media
  'call/410/531004': {
    surface: 'call',
    code: 410,
    subCode: 531004,
    name: 'Phone media never came up',
    meaning: 'The phone leg was answered, but no RTP packet reached us within `media.setupLimit`.',
    advice:
      'Compare the address we offered in the SDP, in `ringback call ID`, with one the carrier can reach: behind NAT set `media.address` and open the ports of `media.rtpPorts`. A trunk that never sends media can be declared `media: none` under `trunks`.',
    printed: ['pstn:410/531004'],
    standing: 'ruled',
  },
  'call/410/301005': {
    surface: 'call',
    code: 410,
    subCode: 301005,
    category: 'UnexpectedClientError',
    name: 'Media was lost during the call',
    meaning:
      'A participant who had been heard stopped sending, and nothing came for as long as `media.lossLimit` allows.',
    advice:
      'Look at the last packet times in `ringback call ID` and for network events at that minute. Peers that send nothing while silent, without signalling hold, need a longer `media.lossLimit`.',
    printed: ['calling-end:410/301005'],
    standing: 'ruled',
  },
  'call/410/301004': {
    surface: 'call',
    code: 410,
    subCode: 301004,
    category: 'UnexpectedClientError',
    name: 'Media never reached the server',
    meaning:
      'During set-up the server got no media connection with this participant and took the participant out.',
    advice:
      'Check firewalls, VPN and relay settings between that client and the server. A phone leg with the same trouble ends 410/531004.',
    printed: ['calling-end:410/301004'],
    standing: 'ruled',
  },
  'call/410/3100': {
    surface: 'call',
    code: 410,
    subCode: 3100,
    category: 'UnexpectedClientError',
    name: "Client's network failed during set-up",
    meaning:
      'Signalling worked and candidates existed, yet media between the client and the server never flowed.',
    advice:
      "Test UDP and the relay from the client's network, then dial again. Where no relay could be gathered at all, the row is 410/3112.",
    printed: ['calling-end:410/3100'],
    reading: 'The table misspells the category as UnxpectedClientError; served as UnexpectedClientError.',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/410/3101': {
    surface: 'call',
    code: 410,
    subCode: 3101,
    category: 'UnexpectedClientError',
    name: "Client's network dropped the call",
    meaning:
      'The call was connected and its media then stopped for good at the client, whose own checks noticed it.',
    advice:
      "Look at what changed in the client's network: Wi-Fi to mobile, VPN, sleep. The server's view of the same loss is 410/301005.",
    printed: ['calling-end:410/3101'],
    reading: 'The table misspells the category as UnxpectedClientError; served as UnexpectedClientError.',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/410/3111': {
    surface: 'call',
    code: 410,
    subCode: 3111,
    category: 'UnexpectedClientError',
    name: 'Media offer could not be processed',
    meaning: 'The client got a media description it could not use while the call was being connected.',
    advice:
      "Keep both session descriptions from the browser's console and compare codecs and transport lines. A retry helps only if the other side offers something else.",
    printed: ['calling-end:410/3111'],
    reading: 'The table misspells the category as UnxpectedClientError; served as UnexpectedClientError.',
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/410/3112': {
    surface: 'call',
    code: 410,
    subCode: 3112,
    category: 'ExpectedError',
    name: "Client's network blocks media",
    meaning:
      'The client gathered no relay candidate: both UDP and TCP towards the relays are shut, so no call could be set up from there.',
    advice:
      "Open the relay's addresses and ports in that network's firewall or proxy. It fails every time until the network changes.",
    printed: ['calling-end:410/3112'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/410': {
    surface: 'call',
    code: 410,
    name: 'Media stack failed',
    meaning:
      'The media engine failed under this call: its process died, or the media that the far side described could not be used. A process that died is replaced for the next call.',
    advice:
      '`ringback call ID` tells the two apart. For unusable media compare the codecs of both sides; for a dead process keep the server log of that minute, since a crash there is a fault of ours.',
    printed: ['calling-end:410/-'],
    standing: 'ruled',
  },
  'call/496/7': {
    surface: 'call',
    code: 496,
    subCode: 7,
    category: 'ExpectedError',
    name: 'Client lost its network',
    meaning: "The client's connection broke off and all its attempts to reconnect failed.",
    advice:
      "Bring the client back online and place the call again. If many clients drop at once, look at the server's own connectivity.",
    printed: ['calling-end:496/7'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/490/4502': {
    surface: 'call',
    code: 490,
    subCode: 4502,
    category: 'UnexpectedClientError',
    name: 'A client request got no response',
    meaning: 'The browser could not complete an HTTP request that the call needed.',
    advice:
      "Open the browser's network panel: an untrusted certificate, a blocked origin or a dead proxy shows there. `ringback ca` tells how to trust the local CA.",
    printed: ['calling-end:490/4502'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/490': {
    surface: 'call',
    code: 490,
    name: 'Local network trouble (490)',
    meaning:
      "The endpoint's own network failed. The documentation explains 490, 491, 496, 497 and 498 alike and does not say how they differ.",
    advice:
      'Check that the endpoint reaches the server: open `/health/live` in its browser, then try without VPN and proxy. With a subcode the code says more, see 490/4502.',
    printed: ['calling-end:490/-', 'calling-client:490/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/491': {
    surface: 'call',
    code: 491,
    name: 'Local network trouble (491)',
    meaning:
      "The endpoint's own network failed. The documentation explains 490, 491, 496, 497 and 498 alike and does not say how they differ.",
    advice:
      'Check that the endpoint reaches the server: open `/health/live` in its browser, then try without VPN and proxy.',
    printed: ['calling-end:491/-', 'calling-client:491/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/496': {
    surface: 'call',
    code: 496,
    name: 'Local network trouble (496)',
    meaning:
      "The endpoint's own network failed. The documentation explains 490, 491, 496, 497 and 498 alike and does not say how they differ.",
    advice:
      'Check that the endpoint is online and stays so for a minute, then call again. With subcode 7 the code means a connection that did not come back.',
    printed: ['calling-end:496/-', 'calling-client:496/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/497': {
    surface: 'call',
    code: 497,
    name: 'Local network trouble (497)',
    meaning:
      "The endpoint's own network failed. The documentation explains 490, 491, 496, 497 and 498 alike and does not say how they differ.",
    advice:
      "Compare with another network, such as a phone's hotspot. With subcode 560487 this code is a misprint and means stopped ringing, 487/560487.",
    printed: ['calling-end:497/-', 'calling-client:497/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/498': {
    surface: 'call',
    code: 498,
    name: 'Local network trouble (498)',
    meaning:
      "The endpoint's own network failed. The documentation explains 490, 491, 496, 497 and 498 alike and does not say how they differ.",
    advice: "Check the endpoint's route to the server, its VPN above all, and place the call again.",
    printed: ['calling-end:498/-', 'calling-client:498/-'],
    standing: 'not yet',
    why: 'the calling SDK',
  },
  'call/429/10110': {
    surface: 'call',
    code: 429,
    subCode: 10110,
    name: 'Longest permitted call duration reached',
    meaning: 'The call had lasted as long as one call may and was ended for that reason alone.',
    advice: 'Split long sessions into several calls, or raise `limits.maxCallDuration`.',
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'ruled',
  },

  // Server and carrier faults
  'call/500/560500': {
    surface: 'call',
    code: 500,
    subCode: 560500,
    name: 'Carrier had an internal error',
    meaning: 'The carrier answered 500: something failed in its network or in the session border controller.',
    advice:
      'Retry once. If the fault stays, send the carrier the Call-ID and time from `ringback call ID`; this server did its part.',
    printed: ['pstn:500/560500'],
    standing: 'ruled',
  },
  'call/500/10045': {
    surface: 'call',
    code: 500,
    subCode: 10045,
    name: 'Call ended by an internal fault',
    meaning: 'Something inside the service broke while the call was alive and the call went down with it.',
    advice:
      "Search the server log for the call's id at the time of its end. Ringback reports a restart under a running call as 500 without a subcode.",
    printed: [],
    source: 'July 2025 revision of the troubleshooting article',
    standing: 'not yet',
    why: 'group calls',
  },
  'call/500': {
    surface: 'call',
    code: 500,
    name: 'Server fault ended the call',
    meaning:
      'The server stopped without warning, or met a fault of its own, while the call was alive. The ending was written when it came back.',
    advice:
      'Read the server log around the time of the last entry in `ringback call ID`. A kill, a power cut and lack of memory all look like this to the call.',
    printed: ['calling-end:500/-'],
    standing: 'ruled',
  },
  'call/503/560503': {
    surface: 'call',
    code: 503,
    subCode: 560503,
    name: 'Carrier or trunk out of service',
    meaning:
      'The carrier answered 503, or its trunk could not be reached at all: name not resolved, connection refused or reset. Only in the first case are there SIP details.',
    advice:
      'Run `ringback trunks`: it tells an unreachable trunk from one that answers and is overloaded. Correct host, port or protocol under `trunks`, or wait for the carrier.',
    printed: ['pstn:503/560503'],
    standing: 'ruled',
  },
  'call/503': {
    surface: 'call',
    code: 503,
    name: 'Server was shutting down',
    meaning:
      'The server was stopped in good order while the call was alive, and ended the call when its grace time was over.',
    advice:
      'Expected after a stop. To lose fewer calls, stop when `ringback calls` shows none, or give the process more time before it is killed.',
    printed: ['calling-end:503/-', 'calling-client:503/-'],
    standing: 'ruled',
  },
  'call/504': {
    surface: 'call',
    code: 504,
    name: 'A part of the service timed out',
    meaning: 'One service waited for another longer than it may, and the call could not go on.',
    advice:
      'Look for slow disk or an overloaded machine at that minute. The same delay shows to an application as 504/9002.',
    printed: ['calling-end:504/-', 'calling-client:504/-'],
    standing: 'not yet',
    why: 'several machines',
  },
} as const satisfies Record<string, Row>;
