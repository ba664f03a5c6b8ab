/* Japanese. */
export default {
  words: {
    connecting: '接続中', connected: 'ライブ', polling: 'ライブ（定期取得）', reconnecting: '再接続中', waiting: 'サーバーの応答待ち', offline: 'オフライン', retry: '{time}に再試行', heard: '{time}に受信',
    viewers: { other: '{n}人が閲覧中' }, serverSays: 'サーバーからのメッセージ：{detail}', search: 'チームまたは大会', all: 'すべて', live: 'ライブ', finished: '試合終了', upcoming: '試合予定',
    starred: 'お気に入り', show: '表示', liveFirst: 'ライブの試合を先に表示', day: '日付', dayBefore: '前日', dayAfter: '翌日', chooseDay: '日付を選ぶ', otherMatches: 'その他の試合',
    none: 'まだ試合はありません。最初の情報が届くと、ここに表示されます。', noneThatDay: 'この日の試合はありません。', noneFits: '該当する試合はありません。', showAll: 'すべて表示', zone: '時刻は{zone}です。', inPlay: '試合中',
    versus: 'vs', minute: '{minute}分', kickoffAt: 'キックオフ {time}', kickoffThere: 'キックオフ {time}（現地時間）', updated: '更新 {time}', halfTimeShort: '前半 {score}',
    halfTimeScore: '前半終了時 {score}', aggregateShort: '合計 {score}', aggregateScore: '2試合合計 {score}', penaltiesShort: 'PK {score}',
    shootoutSentence: 'PK戦 {home} {homeKicks}、{away} {awayKicks}', redCards: { other: 'レッドカード{n}枚' }, kick: '{n}人目', scored: '成功', missed: '失敗',
    eventsNewestFirst: '出来事（新しい順）', noEvents: '試合の出来事がここに表示されます。', goalsAndCards: '得点とカード', allMatches: '全試合', matchPage: '試合ページ', noNews: 'この試合の情報を待っています',
    allOfMatch: 'この試合のすべて', noSuchMatch: 'この試合は存在しないか、情報が残っていません。', takenBack: '取り消し', replaced: '{player}と交代', goal: 'ゴール', goalFor: '{team}の{what}',
    correctedNews: '訂正：{what}', takenBackNews: '取り消し：{what}', corrected: '訂正', star: '{name}をお気に入りに追加', unstar: '{name}をお気に入りから削除',
    noneStarred: '星を付けた試合、チーム、大会がここに表示されます。', settings: '設定', close: '閉じる', language: '言語', sounds: '音', notifications: '通知', tellOf: '通知する内容', onlyStarred: 'お気に入りのみ',
    goals: 'ゴール', redCardsKind: 'レッドカード', blocked: 'ブラウザーがこのページの通知をブロックしています。', unsupported: 'このブラウザーではここで通知を表示できません。', spoilers: 'ネタバレ防止', hideScores: '触れるまでスコアを隠す',
    showScore: 'スコアを表示', delay: '遅延', delayed: { other: '{n}秒遅れ' }, seconds: '秒', table: '順位表', scorers: '得点ランキング', place: '順位', team: 'チーム', player: '選手',
    played: '試合', won: '勝', drawn: '分', lost: '敗', difference: '得失点差', points: '勝点', ofPenalties: 'PK', playedShort: '試合', wonShort: '勝', drawnShort: '分',
    lostShort: '敗', goalsShort: '得点', differenceShort: '差', pointsShort: '勝点', up: { other: '{n}つ上昇' }, down: { other: '{n}つ下降' }, noTable: 'まだ順位表はありません。',
    noScorers: 'まだ得点者はいません。', lineups: 'スタメン', statistics: 'スタッツ', bench: '控え', coach: '監督', captain: '主将', rawFrames: '生データ', framesNewestFirst: '生データ（新しい順）',
    fromCursor: 'カーソル', cursorHint: 'id、0、latest', open: '開く', pause: '一時停止', frames: { other: '{n}フレーム' }, bytes: { other: '{n}バイト' }, heldBack: '{n}件保留中',
    streamEnded: 'ストリームが終了しました。カーソルから再開します。',
  },
  events: {
    goal: 'ゴール', 'own-goal': 'オウンゴール', penalty: 'PK成功', 'missed-penalty': 'PK失敗', 'yellow-card': 'イエローカード', 'second-yellow': 'イエローカード2枚目', 'red-card': 'レッドカード',
    substitution: '選手交代', var: 'ビデオ判定', 'shootout-goal': 'PK戦 成功', 'shootout-miss': 'PK戦 失敗', kickoff: 'キックオフ', halftime: 'ハーフタイム', secondhalf: '後半開始',
    'extra-time': '延長戦', shootout: 'PK戦', fulltime: '試合終了', delayed: '開始遅延', postponed: '延期', suspended: '中断', abandoned: '打ち切り', cancelled: '中止', awarded: '没収試合',
  },
  statuses: {
    upcoming: '試合前', live: '試合中', finished: '試合終了', off: '中止', kickoff: '前半', halftime: 'ハーフタイム', secondhalf: '後半', 'extra-time': '延長戦', shootout: 'PK戦',
    fulltime: '試合終了', delayed: '開始遅延', postponed: '延期', suspended: '中断', abandoned: '打ち切り', cancelled: '中止', awarded: '没収試合', break: '休憩', aet: '延長終了', pens: 'PK戦終了',
  },
  statisticNames: {
    possession: 'ボール支配率', shots: 'シュート', shots_on_target: '枠内シュート', corners: 'コーナーキック', fouls: 'ファウル', offsides: 'オフサイド', saves: 'セーブ', passes: 'パス',
    yellow_cards: 'イエローカード', red_cards: 'レッドカード', expected_goals: 'ゴール期待値',
  },
};
