/** Cases that once found something wrong, and some that seldom come about, as the simulation prints them: they are played first. */
export const CASES: Readonly<Record<string, string>> = {
  282876: `
    track what a message mentions, 354 ms
    track by a step, 355 ms
    Jira's answer to a create is lost (633 ms, replica 1), 154 ms
    Jira is away (2029 ms, replica 0), 68 ms
    a process is told to stop (2376 ms, replica 0), 51 ms
    post by a step, 273 ms
    Slack's answer to a message is lost (264 ms, replica 0), 207 ms
    create by a step, 175 ms
    untrack by command, 90 ms
    link by command, 81 ms
    Slack's answer to a message is lost (2364 ms, replica 0), 73 ms
    create by a step, 113 ms
    Jira takes its time (2616 ms, replica 0), 61 ms
    create by a step, 37 ms
    the database is away (1464 ms, replica 0), 187 ms
    the database is away (508 ms, replica 1), 201 ms
    the database cuts a process off (228 ms, replica 0), 198 ms
    create by a step, 64 ms
    create by a step, 238 ms
    track what a message mentions, 280 ms
    the database is silent (2495 ms, replica 1), 267 ms
    untrack by command, 210 ms
    create several by a step, 326 ms
    the database cuts a process off (1779 ms, replica 0), 198 ms
    Slack delivers events twice (411 ms, replica 0), 16 ms
    track by a step, 54 ms
    link by command, 273 ms
    track what a message mentions, 59 ms
    Jira finds nothing (440 ms, replica 1), 155 ms
    the database is silent (2632 ms, replica 0), 269 ms
    a process is told to stop (697 ms, replica 0), 268 ms
    create several by a step, 143 ms
    track what a message mentions, 81 ms
    untrack by command, 216 ms
    Slack's answer to a message is lost (538 ms, replica 0), 20 ms`,
  726229: `
    create several by a step, 17 ms
    link by command, 218 ms
    create in a form, 67 ms
    create several by a step, 297 ms
    Slack's answer to a message is lost (1051 ms, replica 0), 175 ms
    track by a step, 66 ms
    track by command, 184 ms
    Jira's answer to a create is lost (2104 ms, replica 0), 81 ms
    link by command, 169 ms
    Jira is away (2665 ms, replica 0), 277 ms
    Slack's Web API is away (2240 ms, replica 1), 89 ms
    post by a step, 37 ms
    post by a step, 334 ms
    a process is told to stop (2959 ms, replica 1), 6 ms
    create several by a step, 235 ms
    the database cuts a process off (2051 ms, replica 0), 100 ms
    Slack's answer to a message is lost (2230 ms, replica 1), 295 ms
    Jira takes its time to create (1633 ms, replica 1), 158 ms
    a process is killed (2797 ms, replica 1), 294 ms
    create several by a step, 376 ms
    Jira's answer to a create is lost (2095 ms, replica 0), 197 ms
    untrack by command, 117 ms
    Jira takes its time to create (693 ms, replica 0), 118 ms
    track by command, 245 ms
    the database is away (2258 ms, replica 1), 256 ms
    create by a step, 186 ms
    Slack delivers events twice (312 ms, replica 0), 45 ms
    create in a form, 229 ms
    track by a step, 8 ms
    Jira's answer to a create is lost (197 ms, replica 0), 92 ms
    track by a step, 120 ms
    track by a step, 13 ms
    track by command, 128 ms
    track by a step, 94 ms
    Slack asks for a pause (2866 ms, replica 1), 35 ms
    the database is silent (752 ms, replica 1), 280 ms
    Slack's answer to an outcome is lost (1834 ms, replica 0), 153 ms
    track by a step, 235 ms
    track by command, 280 ms`,
  726235: `
    the database is away (1400 ms, replica 0), 198 ms
    the database is away (2251 ms, replica 0), 271 ms
    Jira's answer to a create is lost (884 ms, replica 0), 213 ms
    Slack's Web API is away (1372 ms, replica 0), 19 ms
    create in a form, 71 ms
    Jira finds nothing (149 ms, replica 1), 266 ms
    a process is told to stop (967 ms, replica 1), 17 ms
    create by a step, 217 ms
    link by command, 121 ms
    track what a message mentions, 289 ms
    track by command, 215 ms
    track by command, 267 ms
    track by a step, 20 ms
    create several by a step, 9 ms
    Jira takes its time (2206 ms, replica 0), 291 ms
    Jira finds nothing (2506 ms, replica 0), 196 ms
    track what a message mentions, 7 ms
    create by a step, 33 ms
    Jira takes its time (452 ms, replica 1), 190 ms
    Jira takes its time to create (2139 ms, replica 0), 288 ms
    track by a step, 101 ms
    the database is silent (1325 ms, replica 1), 221 ms
    the database is silent (918 ms, replica 1), 294 ms
    the database is away (1648 ms, replica 0), 250 ms
    untrack by command, 338 ms
    Jira's answer to a create is lost (2247 ms, replica 0), 50 ms
    Jira's answer to a create is lost (2174 ms, replica 0), 146 ms
    Slack delivers events twice (740 ms, replica 1), 5 ms
    track by a step, 111 ms
    Slack's Web API is away (841 ms, replica 1), 287 ms
    link by command, 202 ms
    Slack's Web API is away (1213 ms, replica 1), 233 ms`,
  178562: `
    track by a step, 261 ms
    untrack by a button, 238 ms
    hand over what ends the process, 262 ms
    create in a form, 399 ms
    Slack asks for a pause (665 ms, replica 0), 164 ms
    untrack by command, 181 ms
    track what a message mentions, 342 ms
    Jira takes its time (161 ms, replica 1), 96 ms
    create several by a step, 121 ms
    Slack's answer to a message is lost (697 ms, replica 0), 242 ms
    track by command, 159 ms
    create several by a step, 33 ms
    track by command, 315 ms
    post by a step, 140 ms
    the database is away (1017 ms, replica 1), 215 ms
    untrack by a button, 125 ms
    the database is silent (2657 ms, replica 1), 221 ms
    untrack by command, 224 ms
    Jira finds nothing (1514 ms, replica 0), 110 ms
    Slack's answer to an outcome is lost (2614 ms, replica 1), 13 ms
    hand over what ends the process, 135 ms
    the database is away (462 ms, replica 1), 82 ms
    a process is told to stop (2502 ms, replica 0), 21 ms
    untrack by a button, 104 ms
    the database is silent (347 ms, replica 0), 81 ms
    the database is silent (2434 ms, replica 0), 209 ms
    create in a form, 2 ms
    share by a button, 193 ms
    share by a button, 242 ms
    post by a step, 273 ms
    the database is away (2523 ms, replica 1), 81 ms
    Jira's answer to a create is lost (186 ms, replica 0), 266 ms
    Jira takes its time to create (686 ms, replica 0), 55 ms
    post by a step, 173 ms
    Jira takes its time to create (2002 ms, replica 0), 294 ms
    hand over what ends the process, 281 ms
    undo by a button, 206 ms
    hand over what ends the process, 198 ms
    the database is away (368 ms, replica 1), 212 ms
    the database cuts a process off (1175 ms, replica 1), 69 ms`,
  'a late command': `
    Jira takes very long (3000 ms, replica 0), 50 ms
    track by command, 100 ms
    untrack by command, 100 ms`,
  'a create that Jira loses': `
    Jira finds nothing for long (3000 ms, replica 0), 50 ms
    Jira's answer to a create is lost (50 ms, replica 0), 10 ms
    create by a step, 300 ms`,
  'changes of which no webhook comes': `
    webhooks are lost (1500 ms, replica 0), 50 ms
    change in Jira (spelling 0), 20 ms
    change in Jira (spelling 1), 20 ms
    change in Jira (spelling 2), 20 ms
    change in Jira (spelling 3), 20 ms
    change in Jira (spelling 4), 300 ms`,
  'changes that come twice, late, and to a process that dies': `
    webhooks are reordered (900 ms, replica 0), 20 ms
    change in Jira (spelling 1), 20 ms
    change in Jira (spelling 5), 20 ms
    change in Jira (spelling 2), 20 ms
    webhooks are repeated (900 ms, replica 0), 20 ms
    change in Jira (spelling 0), 20 ms
    a process is killed (600 ms, replica 0), 20 ms
    change in Jira (spelling 1), 20 ms
    change in Jira (spelling 4), 20 ms
    the database's answers are lost (800 ms, replica 0), 20 ms
    change in Jira (spelling 2), 300 ms`,
  'issues that are done while the channel of their thread is archived': `
    change in Jira (spelling 5), 20 ms
    change in Jira (spelling 5), 400 ms
    a channel is archived (900 ms, replica 0), 100 ms
    change in Jira (spelling 13), 20 ms
    webhooks are doubled (500 ms, replica 0), 20 ms
    change in Jira (spelling 5), 20 ms
    change in Jira (spelling 13), 20 ms
    change in Jira (spelling 9), 20 ms
    a process is killed (600 ms, replica 1), 300 ms`,
  'acts whose answers are lost': `
    Jira's answers to changes are lost (50 ms, replica 0), 10 ms
    move by command (spelling 3), 20 ms
    assign by a step (spelling 3), 20 ms
    update by a step (spelling 3), 20 ms
    comment by command (spelling 3), 400 ms
    changes do not reach Jira (50 ms, replica 0), 10 ms
    move in a form (spelling 4), 20 ms
    assign by command (spelling 4), 20 ms
    set the priority by command (spelling 4), 20 ms
    comment by a step (spelling 4), 400 ms
    others change issues at the same moment (50 ms, replica 0), 10 ms
    move by a step (spelling 5), 20 ms
    assign by a step (spelling 5), 20 ms
    comment in a form (spelling 5), 400 ms
    Jira lets Maro change nothing (600 ms, replica 0), 10 ms
    move by command (spelling 5), 20 ms
    comment by command (spelling 5), 20 ms
    update by a step (spelling 5), 20 ms
    watch by command (spelling 6), 300 ms`,
  'acts whose processes are killed': `
    Jira takes its time to change (900 ms, replica 0), 10 ms
    move by a step (spelling 4), 20 ms
    comment by a step (spelling 6), 20 ms
    assign by a step (spelling 5), 20 ms
    update by a step (spelling 5), 20 ms
    a process is killed (300 ms, replica 0), 20 ms
    a process is killed (300 ms, replica 1), 20 ms
    wait by a step (spelling 3), 20 ms
    ask for an issue by a step (spelling 3), 20 ms
    follow by command (spelling 2), 20 ms
    move by command (spelling 5), 100 ms
    Jira takes its time to change (900 ms, replica 0), 10 ms
    comment by command (spelling 5), 20 ms
    comment by a step (spelling 3), 20 ms
    move by a step (spelling 7), 20 ms
    comment by a step (spelling 8), 150 ms
    the database's answers are lost (900 ms, replica 0), 50 ms
    the database is silent (1500 ms, replica 1), 50 ms
    comment by command (spelling 4), 100 ms
    move in a form (spelling 3), 100 ms
    a process is killed (300 ms, replica 1), 300 ms`,
  'several moved at once': `
    move several by command (spelling 3), 400 ms
    Jira's answers to changes are lost (50 ms, replica 0), 10 ms
    move several by command (spelling 4), 300 ms
    changes do not reach Jira (50 ms, replica 0), 10 ms
    move several by command (spelling 5), 300 ms
    move several by command (spelling 7), 20 ms
    move several by command (spelling 701), 20 ms
    move several by command (spelling 2), 20 ms
    Jira lets Maro change nothing (600 ms, replica 0), 10 ms
    move several by command (spelling 6), 900 ms
    Jira takes its time to change (900 ms, replica 0), 10 ms
    move several by command (spelling 10), 200 ms
    a process is killed (300 ms, replica 0), 20 ms
    a process is killed (300 ms, replica 1), 300 ms
    move several by command (spelling 11), 60 ms
    the database's answers are lost (900 ms, replica 0), 50 ms
    move several by command (spelling 12), 150 ms
    a process is killed (300 ms, replica 0), 300 ms`,
  'a board that is edited before Maro hears that its channel was archived': `
    change in Jira (spelling 293), 1300 ms
    Slack cuts the connections (519 ms, replica 0), 20 ms
    a channel is archived (2569 ms, replica 0), 300 ms`,
};
