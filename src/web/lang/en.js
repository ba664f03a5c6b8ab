/* English: the words of the page.  Every language has these keys and placeholders (README.md). */
export default {
  words: {
    // The connection.
    connecting: 'Connecting', connected: 'Live', polling: 'Live, by polling', reconnecting: 'Reconnecting',
    waiting: 'Waiting for the server', offline: 'Offline', retry: 'next try {time}', heard: 'heard {time}',
    viewers: { one: '{n} viewer', other: '{n} viewers' }, serverSays: 'The server says: {detail}',
    // The board: days, filters, headings.
    search: 'Team or competition', all: 'All', live: 'Live', finished: 'Finished', upcoming: 'Upcoming',
    starred: 'Favourites', show: 'Show', liveFirst: 'Live matches first', day: 'Day', dayBefore: 'Day before', dayAfter: 'Day after',
    chooseDay: 'Choose a day', otherMatches: 'Other matches',
    none: 'No matches yet. Each one appears here with its first update.', noneThatDay: 'No matches on this day.',
    noneFits: 'No matches found.', showAll: 'Show all', zone: 'All times in {zone}.',
    // A match.
    inPlay: 'In play', versus: 'v', minute: '{minute}′', kickoffAt: 'Kick-off {time}', kickoffThere: 'Kick-off {time}, local time',
    updated: 'Updated {time}',
    halfTimeShort: 'HT {score}', halfTimeScore: 'Half-time {score}', aggregateShort: 'agg. {score}', aggregateScore: 'Aggregate {score}',
    penaltiesShort: 'pens. {score}', shootoutSentence: '{home} {homeKicks}, {away} {awayKicks} on penalties',
    redCards: { one: '{n} red card', other: '{n} red cards' }, kick: 'Kick {n}', scored: 'scored', missed: 'missed',
    eventsNewestFirst: 'Events, newest first', noEvents: 'Events appear here as they happen.',
    goalsAndCards: 'Goals and cards', allMatches: 'All matches', matchPage: 'Match page',
    noNews: 'Waiting for news of this match', allOfMatch: 'Everything about this match',
    noSuchMatch: 'This match does not exist, or is no longer kept.', takenBack: 'taken back', replaced: 'for {player}',
    // News.
    goal: 'Goal', goalFor: '{what} for {team}', correctedNews: 'Corrected: {what}', takenBackNews: 'Taken back: {what}', corrected: 'Corrected',
    // Favourites, notifications, spoilers.
    star: 'Add {name} to the favourites', unstar: 'Remove {name} from the favourites', noneStarred: 'Star matches, teams or competitions to find them here.',
    settings: 'Settings', close: 'Close', language: 'Language',
    sounds: 'Sound', notifications: 'Notifications', tellOf: 'Notify me of', onlyStarred: 'Favourites only', goals: 'Goals',
    redCardsKind: 'Red cards', blocked: 'The browser blocks notifications from this page.', nothingComes: 'With these settings you would get none.', unsupported: 'This browser shows no notifications here.',
    spoilers: 'Spoilers', hideScores: 'Hide scores until tapped', showScore: 'Show the score', delay: 'Delay',
    delayed: { one: '{n} second behind', other: '{n} seconds behind' }, seconds: 'seconds',
    // Tables, scorers, line-ups.
    table: 'Table', scorers: 'Scorers',
    place: 'Place', team: 'Team', player: 'Player', played: 'Played', won: 'Won', drawn: 'Drawn', lost: 'Lost',
    difference: 'Goal difference', points: 'Points', ofPenalties: 'Penalties',
    playedShort: 'P', wonShort: 'W', drawnShort: 'D', lostShort: 'L', goalsShort: 'Goals', differenceShort: 'GD', pointsShort: 'Pts',
    up: { one: 'up {n} place', other: 'up {n} places' }, down: { one: 'down {n} place', other: 'down {n} places' },
    noTable: 'There is no table yet.', noScorers: 'Nobody has scored yet.', lineups: 'Line-ups',
    statistics: 'Statistics', bench: 'Substitutes', coach: 'Coach', captain: 'captain',
    // Raw frames.
    rawFrames: 'Raw frames', framesNewestFirst: 'Raw frames, newest first', fromCursor: 'From the cursor', cursorHint: 'an id, 0, latest',
    open: 'Open', pause: 'Pause', frames: { one: '{n} frame', other: '{n} frames' }, bytes: { one: '{n} byte', other: '{n} bytes' },
    heldBack: '{n} held back', streamEnded: 'The stream has ended. It is opened again from its cursor.',
    // Refusals.
    askToken: 'A token, please', askTokenWhy: 'These scores are for readers with a token. If yours has ended, ask for a new one.',
    unknownToken: 'This token is unknown, or has ended.', yourToken: 'Your token', showScores: 'Show the scores', notWithToken: 'Your token does not show this match',
    noSuchPage: 'There is no such page', tooMuch: 'Too many requests from your address',
    notNow: 'The scores can’t be read just now', triesAgain: 'This page tries again by itself, in a minute.',
  },
  events: {
    goal: 'Goal', 'own-goal': 'Own goal', penalty: 'Penalty scored', 'missed-penalty': 'Penalty missed', 'yellow-card': 'Yellow card',
    'second-yellow': 'Second yellow card', 'red-card': 'Red card', substitution: 'Substitution', var: 'Video review',
    'shootout-goal': 'Scored in the shoot-out', 'shootout-miss': 'Missed in the shoot-out', kickoff: 'Kick-off', halftime: 'Half-time',
    secondhalf: 'Second half', 'extra-time': 'Extra time', shootout: 'Penalty shoot-out', fulltime: 'Full time', delayed: 'Delayed',
    postponed: 'Postponed', suspended: 'Suspended', abandoned: 'Abandoned', cancelled: 'Cancelled', awarded: 'Awarded',
  },
  // By a status's event or, if it brings none, its state; the last three are told apart by their words.
  statuses: {
    upcoming: 'Scheduled', live: 'In play', finished: 'Full time', off: 'Called off', kickoff: 'First half', halftime: 'Half-time', secondhalf: 'Second half',
    'extra-time': 'Extra time', shootout: 'Penalties', fulltime: 'Full time', delayed: 'Delayed', postponed: 'Postponed', suspended: 'Suspen\u00added',
    abandoned: 'Aban\u00addoned', cancelled: 'Cancelled', awarded: 'Awarded', break: 'Break', aet: 'After extra time', pens: 'After penalties',
  },
  statisticNames: {
    possession: 'Possession', shots: 'Shots', shots_on_target: 'Shots on target', corners: 'Corners', fouls: 'Fouls', offsides: 'Offsides',
    saves: 'Saves', passes: 'Passes', yellow_cards: 'Yellow cards', red_cards: 'Red cards', expected_goals: 'Expected goals',
  },
};
