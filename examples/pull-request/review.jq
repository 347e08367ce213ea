# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Writes what a plan or an apply means for members, in Markdown, for a reviewer who is no engineer.
# review.sh runs it; jq 1.6 or later is enough. It reads three texts, any of which may be empty:
#
#   $plan    what `terraform show -json` prints of the saved plan
#   $log     what `terraform plan -json` and `terraform apply -json` print, one object per line
#   $state   what `terraform show -json` prints after the apply
#
# $mode is plan, apply, log (the diagnostics as text, for the job's log) or none (no review could be made);
# $language is en or zh, $status the exit code of Terraform, $rate the requests per second, $commit a commit or "".
#
# No value from a file, from Terraform or from WeChat Pay is printed except in code spans, shortened, on one
# line, and with everything masked that looks like a phone number or is one of the plan's.

# --- Words ---------------------------------------------------------------------------------------------------

def words: {
  en: {
    title: "Member cards", titleApply: "Member cards after the apply",
    none: "no review could be made",
    noneWhy: "The pipeline stopped before it had written a review. The job's log says why. Before the merge: do not merge, because nobody knows what would happen. After it: run a plan, which shows what is left to do.",
    failed: "the plan failed",
    failedWhy: "There is no plan, so nothing can be applied. An earlier review does not count any more.", failedNothing: "There is no plan, so nothing was applied.",
    noErrors: "Terraform named no error. The job's log may say more.",
    outputsOnly: "only outputs change", nothing: "no changes",
    incompletePlan: "This plan is not complete (`-target`, or a value that is not known yet): more changes will follow.",
    permanent: "permanently invalidated", permanentUndo: "This cannot be undone. Tell these members first.",
    code: "Card code", what: "What happens", level: "Level", phone: "Phone number", cardTemplate: "Card template",
    imported: "imported by phone number", importedOpenid: "imported by openid", taken: "taken into Terraform",
    changed: "changed", replacedBy: "replaced by", replacedLater: "replaced by a code that is known after the apply",
    replacedSame: "replaced by a card under the same code", oldStays: "the old card stays at WeChat Pay, unmanaged",
    stays: "no longer managed; the card stays at WeChat Pay", removedInvalid: "removed; the card is invalid already",
    asIs: "as at WeChat Pay", later: "known after the apply", anotherNumber: "another number",
    noAccount: "Call: no WeChat account is bound to this phone number. Ask for the number that WeChat knows.",
    unverified: "Unverified: ask for the member's openid and set it, then the card is checked.",
    incomplete: "Incomplete: apply again. If it stays, see the job's log.",
    unknown: "Failed, and may have been carried out: apply again.",
    notDone: "Failed", seeErrors: "see the errors above", oldCard: "The old card",
    stateUnknown: "The state could not be read. The numbers above are what Terraform reported.",
    warnings: "Warnings", errors: "Errors", detailsInLog: "The job's log has the details.",
    titles: "What a title means:", failures: "Errors and failures", moreFollows: ", and more will follow",
    applyFailed: "the apply did not finish",
    commit: "Commit"
  },
  zh: {
    title: "会员卡", titleApply: "会员卡执行结果",
    none: "未能生成审阅内容",
    noneWhy: "流水线在写出审阅内容之前就停止了，原因见任务日志。尚未合并的，请勿合并：没有人知道会发生什么。已经合并的，请运行一次 plan，看还有什么没做完。",
    failed: "计划失败",
    failedWhy: "没有计划，因此无法执行。此前的审阅内容已不再有效。", failedNothing: "没有计划，因此没有执行任何操作。",
    noErrors: "Terraform 没有给出错误，请查看任务日志。",
    outputsOnly: "仅输出值有变化", nothing: "没有变化",
    incompletePlan: "此计划不完整（使用了 `-target`，或有尚未知晓的值）：之后还会有更多变化。",
    permanent: "永久作废", permanentUndo: "此操作无法撤销，请先告知这些会员。",
    code: "会员卡号", what: "将发生什么", level: "等级", phone: "手机号", cardTemplate: "会员卡模板",
    imported: "按手机号导入", importedOpenid: "按 openid 导入", taken: "纳入 Terraform 管理",
    changed: "修改", replacedBy: "替换为", replacedLater: "替换为执行后才知道的卡号",
    replacedSame: "替换为同一卡号的新卡", oldStays: "旧卡仍留在微信支付，不再受管理",
    stays: "不再受管理，卡仍留在微信支付", removedInvalid: "移除（卡早已作废）",
    asIs: "以微信支付为准", later: "执行后才知道", anotherNumber: "换了号码",
    noAccount: "请致电：该手机号没有绑定微信。请询问会员微信所绑定的手机号。",
    unverified: "未核实：请取得该会员的 openid 并填写，随后会核对该卡。",
    incomplete: "未完成：请再执行一次。若仍未完成，请查看任务日志。",
    unknown: "失败，但可能已在微信支付生效：请再执行一次。",
    notDone: "失败", seeErrors: "见上面的错误", oldCard: "旧卡",
    stateUnknown: "无法读取状态。上面的数字以 Terraform 的报告为准。",
    warnings: "警告", errors: "错误", detailsInLog: "详情见任务日志。",
    titles: "标题的含义见", failures: "报错一览", moreFollows: "，之后还有变化",
    applyFailed: "执行未完成",
    commit: "提交"
  }
};
def zh: $language == "zh";
def w: words[if zh then "zh" else "en" end];
def comma: if zh then "，" else ", " end;
def colon: if zh then "：" else ": " end;

def attributeNames: {
  level: "等级", phone_number: "手机号", openid: "openid", card_color: "卡面颜色", card_picture_url: "卡面图片",
  attach: "附加数据", pickup_time: "领取时间", valid_date_information: "有效期", user_information: "用户信息",
  deletion_policy: "移除时的处理", on_existing: "已存在时的处理", invalidate_reason: "作废原因", timeouts: "超时"
};
def attributeName: if zh then attributeNames[.] else {phone_number: "phone number"}[.] // gsub("_"; " ") end;

# saidAbove are the titles of warnings that the review says itself.
def saidAbove: [
  "A card will be permanently invalidated",
  "A member's card stays at WeChat Pay",
  "A card template will be permanently invalidated",
  "A card template stays at WeChat Pay",
  "The member was adopted unverified"
];

# titleNames are the titles of errors that members meet, by how they begin.
def titleNames: {
  "A card code looks like a phone number": "卡号像手机号",
  "A change needs the openid": "修改需要 openid",
  "Error acquiring the state lock": "state 被锁定",
  "Error in function call": "函数报错",
  "Importing by phone number is not open": "按手机号导入未开放",
  "Invalid function argument": "函数的参数不正确",
  "Invalid value of": "值不正确",
  "The card belongs to another phone number": "卡属于另一个手机号",
  "The card cannot be invalidated without its openid": "没有 openid，无法作废",
  "The card has another phone number": "卡上是另一个手机号",
  "The card is invalid": "卡已作废",
  "The code belongs to another phone number": "卡号属于另一个手机号",
  "The member exists already": "会员已存在",
  "The member is protected from being destroyed": "会员受保护，不能移除",
  "The member is there, but not complete": "会员已导入，但未完成",
  "The member was adopted unverified": "会员已存在，未核实",
  "The member's card does not exist any more": "会员的卡已不存在",
  "The merchant has no permission": "商户号没有权限",
  "The openid cannot change": "openid 不能修改",
  "The phone number has no WeChat account": "手机号没有绑定微信",
  "The user has a card already": "用户已有会员卡",
  "The user has a card under another code": "用户已有另一个卡号的会员卡",
  "Two members have one code": "两位会员卡号相同",
  "Two members have one openid": "两位会员 openid 相同",
  "Two members have one phone number": "两位会员手机号相同",
  "WeChat Pay could not be reached": "无法连接微信支付",
  "WeChat Pay does not know the openid": "微信支付查不到该 openid",
  "WeChat Pay may refuse": "微信支付可能会拒绝",
  "WeChat Pay or a gateway reported a system error": "微信支付或中间的网关报系统错误",
  "WeChat Pay refused": "微信支付拒绝",
  "WeChat Pay reported a system error": "微信支付报系统错误",
  "WeChat Pay's answer was cut off": "微信支付的应答被截断",
  "WeChat Pay's rate limit was exceeded": "超过请求频率"
};
def failuresPage: "https://github.com/wechatpay-iac/terraform-provider-wechatpay/blob/main/docs/guides/failures.md";
def titlesNote: w.titles + (if zh then "" else " " end) + "[\(w.failures)](\(failuresPage))" + (if zh then "。" else "." end);

# count is a number with its noun: "1 card", "2 cards", "2 张卡".
def count($one; $many; $chinese): if zh then "\(.) \($chinese)" elif . == 1 then "\(.) \($one)" else "\(.) \($many)" end;
def cards: count("card"; "cards"; "张会员卡");
def members: count("member"; "members"; "位会员");

def duration:
  (if . < 1 then 1 else . end) | (. + 0.999 | floor) as $seconds
  | if $seconds < 60 then $seconds | count("second"; "seconds"; "秒")
    elif $seconds < 3600 then ($seconds + 59) / 60 | floor | count("minute"; "minutes"; "分钟")
    else ($seconds / 3600 | floor) as $hours | (($seconds % 3600) / 60 | floor) as $minutes
      | ($hours | count("hour"; "hours"; "小时")) + " " + ($minutes | count("minute"; "minutes"; "分钟"))
    end;

# --- What Terraform printed ----------------------------------------------------------------------------------

def parsed: try (fromjson | if type == "object" then . else null end) catch null;

($plan | parsed | if . != null and has("format_version") and has("planned_values") then . else null end) as $planned
| ($state | parsed | if . != null and has("format_version") then . else null end) as $after
| [$log | split("\n")[] | select(startswith("{")) | parsed | select(. != null and .type == "diagnostic") | .diagnostic | select(. != null)] as $diagnostics
| [($planned.resource_changes // [])[] | select(.mode == "managed")] as $changes
| [$changes[] | select(.type == "wechatpay_member_card_import")] as $memberChanges
| def stateResources: (.resources // [])[], ((.child_modules // [])[] | stateResources);
  [$after // {} | .values.root_module // {} | stateResources | select(.mode == "managed" and .type == "wechatpay_member_card_import")] as $stateMembers

# --- Masking -------------------------------------------------------------------------------------------------

# The phone numbers of the plan and the state: as digits, and those of other countries without their country code as well.
| def digits: gsub("[^0-9]"; "");
  def mainland: test("^(00)?(86)?1[3-9][0-9]{9}$");
  ([($memberChanges[].change | .before, .after), $stateMembers[].values
    | objects | .phone_number | strings | digits
    | if mainland then .[-11:] else ., .[1:], .[2:], .[3:] end
    | select(length >= 7) | {key: ., value: true}] | from_entries) as $phones
| ([$phones | keys[] | length] | unique) as $phoneLengths
# Other values that must not be printed: openids and what members filled in.
| ([($memberChanges[].change | .before, .after), $stateMembers[].values
    | objects | (.openid, (.user_information | .. )) | strings | select(length >= 2)] | unique) as $secrets
| def halfWidth: if test("[０-９＋]") then explode | map(if . >= 65296 and . <= 65305 then . - 65248 elif . == 65291 then 43 else . end) | implode else . end;
  def hasKnownPhone: digits as $d | any($phoneLengths[]; . as $n | any(range(0; ($d | length) - $n + 1); $phones[$d[.:. + $n]] == true));
  # A phone number may be written with one or two other characters between any two digits.
  def apart: "[^0-9A-Za-z]{0,2}";
  def mask:
    if test("([0-9０-９][^0-9０-９A-Za-z]{0,2}){7}") | not then . else
      halfWidth
      | gsub("(?<a>^|[^0-9])(?<p>((00|[+])?\(apart)86\(apart))?1\(apart)[3-9]\(apart)[0-9])(\(apart)[0-9]){4}\(apart)(?<s>([0-9]\(apart)){3}[0-9])(?<b>[^0-9]|$)";
          "\(.a)\(.p | gsub("[^0-9+]"; ""))****\(.s | digits)\(.b)")
      | gsub("[+]\(apart)(?<run>[1-9](\(apart)[0-9]){6,})"; .run | digits | "+\(.[:3])****\(.[-4:])")
      | gsub("(?<run>[0-9](\(apart)[0-9]){6,})"; .run | if hasKnownPhone then digits | .[:3] + "****" + .[-4:] else . end)
    end;
  # prose is a text of Terraform's or the provider's, without the values that the plan knows to be personal.
  def prose:
    mask as $text
    | reduce ($secrets[] | select(. as $s | $text | contains($s))) as $secret ($text; split($secret) | join("***"))
    | gsub("(?<a>^|[^0-9A-Za-z_-])o[0-9A-Za-z_-]{27}(?<b>[^0-9A-Za-z_-]|$)"; "\(.a)***\(.b)");

# --- Markdown ------------------------------------------------------------------------------------------------

  def oneLine: gsub("\r\n|[\r\n]"; "↵") | gsub("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]"; " ");
  def short($n): if length > $n then .[:$n] + "…" else . end;
  # A code span holds everything but these three characters.
  def span:
    if . == "" then "—"
    elif test("[`|\\\\]") then "<code>" + ([explode[] | if . > 127 or (. >= 48 and . <= 57) or (. >= 65 and . <= 90) or (. >= 97 and . <= 122) or . == 32 then [.] | implode else "&#\(.);" end] | join("")) + "</code>"
    else "`" + . + "`" end;
  # What is cut off, and the end of another number, may make a phone number of what was none: mask looks twice.
  def value: tostring | mask | oneLine | short(48) | mask | span;
  def text($n): prose | oneLine | short($n) | mask | span;
  # fit leaves out what a comment has no room for. It takes texts, and gives as many as have room.
  def fit($room): reduce .[] as $one ({texts: [], left: $room}; if .left < ($one | length) + 2 then .left = -1 else .texts += [$one] | .left -= ($one | length) + 2 end) | .texts;
  def listed($room):
    length as $all | fit($room) as $fits | $fits | join(if zh then "、" else ", " end)
    | if ($fits | length) == $all then . elif zh then . + "，另有 \($all - ($fits | length)) 个未列出" else . + " and \($all - ($fits | length)) more" end;
  def table($head; $room):
    length as $all | map("| " + join(" | ") + " |") | fit($room) as $fits
    | (["| " + ($head | join(" | ")) + " |", "|" + ($head | map("---|") | join(""))] + $fits | join("\n")) as $table
    | (if ($fits | length) == $all then "" elif zh then "\n\n**另有 \($all - ($fits | length)) 行在此放不下。**" else "\n\n**\($all - ($fits | length)) more rows do not fit here.**" end) as $rest
    | if $all > 20 then "<details open><summary>" + (if zh then "\($all) 行" else "\($all) rows" end) + "</summary>\n\n" + $table + $rest + "\n\n</details>" else $table + $rest end;

# --- Members in a plan ---------------------------------------------------------------------------------------

  # changedAttributes are the names of what an update changes. What only WeChat Pay decides is not among them.
  def changedAttributes:
    .change as $c | (($c.after_unknown | objects) // {}) as $unknown
    | {deletion_policy: "abandon", on_existing: "adopt"} as $default
    | [attributeNames | keys[] | select(($c.before[.] // $default[.]) != ($c.after[.] // $default[.]) and $unknown[.] != true)]
    | if $c.before.phone_number_wo_version != $c.after.phone_number_wo_version and $c.before.phone_number_wo_version != null
      then . + ["phone_number"] | unique else . end;
  # request says whether an attribute is WeChat Pay's, so that its change is sent.
  def request: . != "deletion_policy" and . != "on_existing" and . != "invalidate_reason" and . != "timeouts";
  def invalidates: .change.before.deletion_policy == "invalidate" and .change.before.user_card_state != "INVALID";
  def alreadyInvalid: .change.before.user_card_state == "INVALID";
  def has($action): .change.actions | index($action) != null;

  def templateOf: "\(.brand_id // "")/\(.card_id // "")";

  # row is a change of a member: what a reviewer must know first comes first, and codes are in order.
  def row:
    .change.before as $old | .change.after as $new | ((.change.after_unknown | objects) // {}) as $unknown
    | (has("create") and (has("delete") or has("forget"))) as $replaces
    | (if has("forget") then [(if $replaces then 2 else 3 end), "keep"]
       elif $replaces then if invalidates then [1, "invalidate"] elif alreadyInvalid then [2, "gone"] else [2, "keep"] end
       elif has("delete") then if invalidates then [0, "invalidate"] elif alreadyInvalid then [4, "gone"] else [3, "keep"] end
       elif has("update") and (.change.importing == null or changedAttributes != []) then [5, "change"]
       elif .change.importing != null then [6, "take"]
       elif has("create") then [7, "create"]
       else null end) as $kind
    | select($kind != null)
    | {
        address, order: $kind[0], old: $kind[1], $unknown, before: $old, after: $new,
        creates: has("create"), forgets: has("forget"), $replaces, takes: (.change.importing != null),
        changed: (if has("update") then changedAttributes else [] end),
        code: (($old // $new).user_card_code // .index // .address | tostring),
        newCode: (if $replaces then $new.user_card_code else null end),
        template: (if $old == null and $unknown.card_id == true then null else $old // $new | templateOf end),
        newTemplate: (if $replaces and $unknown.card_id != true then $new | templateOf else null end)
      };
  def arrow($old; $new): if $old == $new then $new elif $old == "—" then $new else "\($old) → \($new)" end;
  def known($name; $otherwise): if .after == null then null elif .unknown[$name] == true then $otherwise else .after[$name] // "" | value end;
  def valueBefore($name): .before[$name] // "" | value;
  def levelCell: arrow(valueBefore("level"); known("level"; if .before.level != null then valueBefore("level") else w.asIs end) // valueBefore("level"));
  def phoneCell:
    valueBefore("phone_number_masked") as $old | (known("phone_number_masked"; w.later) // $old) as $new
    | if $old == $new and (.changed | index("phone_number") != null) then "\($old) (\(w.anotherNumber))" else arrow($old; $new) end;
  def templateText: if . == null then w.later else value end;
  def templateCell: arrow(.template | templateText; if .replaces then .newTemplate else .template end | templateText);
  def hasPhone: .after.phone_number != null or .unknown.phone_number == true or .after.phone_number_wo_version != null;
  def importedBy: if (.after.openid | type) == "string" or (.unknown.openid == true and (hasPhone | not)) then w.importedOpenid else w.imported end;
  def changesPolicy: .changed | index("deletion_policy") != null;
  def attributeList: map(select(. != "deletion_policy") | attributeName) | join(if zh then "、" else ", " end) | if . == "" then "" else colon + . end;
  def policyChange:
    if changesPolicy | not then "" else
      ("deletion_policy" | attributeName) + colon + "\(.before.deletion_policy // "abandon" | value) → \(.after.deletion_policy // "abandon" | value)"
      | if zh then "（\(.)）" else " (\(.))" end
    end;
  def replacedBy:
    if .newCode == null then w.replacedLater
    elif .newCode != .code then "\(w.replacedBy) \(.newCode | value)"
    elif .newTemplate == .template then w.replacedSame
    elif zh then "替换为模板 \(.newTemplate | templateText) 下的卡"
    else "replaced by a card under the template \(.newTemplate | templateText)" end;
  def whatCell:
    if .replaces then
      (if .old == "invalidate" then "**\(w.permanent)**" + comma elif .old == "keep" then w.oldStays + comma else "" end) + replacedBy
    elif .old == "invalidate" then "**\(w.permanent)**"
    elif .old == "keep" then w.stays
    elif .old == "gone" then w.removedInvalid
    elif .old == "change" then (if .takes then w.taken + comma else "" end) + w.changed + (.changed | attributeList) + policyChange
    elif .old == "take" then w.taken
    else importedBy end;

  ([$memberChanges[] | row] | sort_by([.order, .code, .address])) as $rows
| [$rows[] | select(.old == "invalidate")] as $invalidated
| [$rows[] | select(.old == "keep")] as $kept
| [$rows[] | select(.old == "change" and changesPolicy and .after.deletion_policy == "invalidate")] as $endLater
| [$memberChanges[] | select(.change.after != null and .change.before != null and (has("delete") | not)
    and .change.before.openid == null and .change.after.openid == null and (.change.after_unknown | objects | .openid) != true)] as $unverifiedMembers
| [$changes[] | select(.type == "wechatpay_member_card_template" or .type == "wechatpay_image") | select(.change.actions != ["no-op"] and .change.actions != ["read"])] as $pictures
| def ends: has("delete") and .change.before.deletion_policy == "invalidate" and .change.before.state != "CARD_INVALID";
  [$pictures[] | select(.type == "wechatpay_member_card_template" and ends)] as $templates
| [($planned.action_invocations // [])[] | select(.type == "wechatpay_member_card_invalidate")] as $actions
| [$changes[] | select((.type | . == "wechatpay_member_card_import" or . == "wechatpay_member_card_template" or . == "wechatpay_image" | not)
    and .change.actions != ["no-op"] and .change.actions != ["read"])] as $others
| [($planned.output_changes // {})[] | select(.actions != ["no-op"])] as $outputs
| ([$memberChanges[] | select(.change.actions == ["no-op"] and .previous_address != null and .previous_address != .address)]) as $moved

# --- How long it takes ---------------------------------------------------------------------------------------

# The rate of the provider block counts, as a constant or a variable, and that of the environment otherwise.
| ([($planned.configuration.provider_config // {})[] | select(.name == "wechatpay") | .expressions.requests_per_second // empty
    | .constant_value // (.references[0] // "" | ltrimstr("var.") | $planned.variables[.].value) | numbers | select(. > 0)] | min) as $configuredRate
| ($configuredRate // ($rate | try tonumber catch null | if . != null and . > 0 then . else null end) // 5) as $perSecond
| def oneIf(condition): if condition then 1 else 0 end;
  ([$rows[] | oneIf(.creates) + oneIf(.creates and .after.attach != null) + oneIf(.old == "invalidate") + oneIf(any(.changed[]; request))]
    # Before a card template is created it is looked for, and an action reads its card. A picture is only uploaded.
    + [$pictures[] | if .type == "wechatpay_image" then oneIf(has("create")) else 2 * oneIf(has("create")) + oneIf(has("update")) + oneIf(ends) end]
    + [$actions[] | 2] | add // 0) as $requests
| ([$memberChanges[] | select(.change.before.openid != null)] | length) as $readings

# --- Diagnostics ---------------------------------------------------------------------------------------------

# A card that an earlier replacement left behind, which Terraform calls deposed, has the address of its successor.
| ([$memberChanges | sort_by(.deposed == null)[] | {key: .address, value: (.change.before // .change.after | .user_card_code // "")}] + [$stateMembers[] | {key: .address, value: (.values.user_card_code // "")}] | from_entries) as $codes
| def codeOf: if . == null then null else $codes[.] // (capture("^.*wechatpay_[a-z_]+\\.[^.\\[]+\\[\"(?<key>.*)\"\\]$").key? | gsub("\\\\(?<c>.)"; .c)) // . end;
  def ofProvider: ((.address // "") | test("wechatpay")) or ((.snippet.function_call.called_as // "") + (.summary // "") + (.detail // "") | test("provider::wechatpay::|decode_roster|roster has"));
  # ofTerraform is what is about no line of the configuration: a backend, a lock, a provider that did not start.
  def ofTerraform: .address == null and .range == null;
  def place:
    if .address != null then (.address | codeOf | value) + colon
    elif .range != null then (.range.filename | value) + comma + (if zh then "第 \(.range.start.line) 行" else "line \(.range.start.line)" end) + colon
    else "" end;
  def lines: (.detail // "") | split("\n") | map(gsub("^\\s+|\\s+$"; "")) | map(select(. != ""));
  def ofRoster: (.snippet.function_call.called_as // "" | test("decode_roster")) or ((.detail // "") | test("provider::wechatpay::decode_roster"));
  # title is the title of an error or a warning. In Chinese its name stands before it.
  def title:
    . as $title | text(120)
    | if zh | not then . else
        ([titleNames | to_entries[] | select(.key as $beginning | $title | startswith($beginning))] | max_by(.key | length)) as $name
        | if $name == null then . else "\($name.value)（\(.)）" end
      end;
  # rosterSum says how many lines of a roster are wrong.
  def rosterSum:
    (capture("the roster has (?<n>[0-9]+) error").n? | if zh then "名单有 \(.) 处错误" else "the roster has " + (tonumber | count("error"; "errors"; "")) end),
    (capture("(?<n>[0-9]+) rows of the roster have errors, these are the first (?<first>[0-9]+)")?
      | if zh then "名单有 \(.n) 行有错误，以下是前 \(.first) 行" else "\(.n) rows of the roster have errors, these are the first \(.first)" end);
  # notUTF8 is the file that Terraform's function file does not read.
  def notUTF8: .detail // "" | capture("contents of \"?(?<file>[^\"]*?)\"? are not valid UTF-8").file? | split("/")[-1] | value;
  # repeats is whether an error only points to another one, which says what is wrong for the whole run.
  def repeats: (.summary // "") | startswith("Same cause as before");
  # errorItem is a list item for an error, and one for each line of what the provider says, a bad row of a roster for instance.
  def errorItem:
    [notUTF8] as $files
    | if $files != [] then
        place + (if zh then "\($files[0]) 不是 UTF-8：请另存为 CSV UTF-8，或用 `decode_roster_file` 读取。"
          else "\($files[0]) is not UTF-8. Save it as CSV UTF-8, or read it with `decode_roster_file`." end)
      elif ofRoster then
        lines as $lines | ([$lines[] | rosterSum][0]) as $sum
        | place + (if $sum != null then $sum | text(120) else .summary // "" | title end)
          + ([$lines[] | select([rosterSum] == []) | "\n  - " + text(300)] | .[:200] | join(""))
      else
        place + (.summary // "" | title)
        + (if ofProvider or ofTerraform then lines[:40] | map("\n  - " + text(300)) | join("") else "" end)
      end;
  ([$diagnostics[] | select(.severity == "error")] | unique_by([.address, .summary, .detail])
    | sort_by([(.address | codeOf) // "", .summary])) as $errors
# A warning that the review says itself is not said again, unless there are more of them than it has.
| ({"A card will be permanently invalidated": ($invalidated + $actions | length), "A card template will be permanently invalidated": ($templates | length),
    "The member was adopted unverified": (if $mode == "apply" and $after == null then 0 else infinite end)}) as $said
| ([$diagnostics[] | select(.severity == "warning")] | unique_by([.address, .summary, .detail]) | group_by(.summary)
    | map(select((.[0].summary // "") as $title | length > (if saidAbove | index($title) == null then 0 else $said[$title] // infinite end)))) as $warnings
| def warningItems: $warnings | map("- \(length) × \(.[0].summary // "" | title)"
    + ([.[].address | select(. != null) | codeOf] | unique | if . == [] then "" else colon + (.[:200] | map(value) | listed(400)) end));
  def errorItems($room):
    ([$errors[] | select(repeats | not) | "- " + errorItem]
      + ([$errors[] | select(repeats)] | length | if . == 0 then [] else ["- " + (if zh then "另有 \(.) 处为同一原因" else count("more"; "more"; "") + " of the same cause" end)] end)) as $items | ($items | fit($room)) as $fits
    | $fits + (if ($fits | length) < ($items | length) then ["- " + (($items | length) - ($fits | length) | count("more error"; "more errors"; "个错误未列出"))] else [] end);

# --- The review of a plan ------------------------------------------------------------------------------------

  def marker: "<!-- wechatpay-member-card-review -->";
  def footer: if $commit == "" then [] else ["<sub>\(w.commit) \($commit | gsub("[^0-9A-Za-z]"; "") | .[:10])</sub>"] end;
  def head($title; $what): "\(marker)\n### \($title)" + colon + $what;
  def section($title; $items): if $items == [] then [] else ["**\($title)**\n\n" + ($items | join("\n"))] end;
  def templateName: (.change.before // .change.after | .card_title // "") as $title | if $title == "" then .address | value else $title | value end;
  def done: {"create": ["created", "新建"], "update": ["changed", "修改"], "delete": ["removed", "移除"], "forget": ["removed", "移除"]};
  def otherAction: [.change.actions[] | done[.] | select(. != null) | .[if zh then 1 else 0 end]] | unique | join(if zh then "并" else " and " end);

  # A card template that a destroy leaves alone stays.
  def templateAction: otherAction
    + (if (has("delete") or has("forget")) and (ends | not) and .change.before.state != "CARD_INVALID" then (if zh then "，仍留在微信支付" else "; it stays at WeChat Pay" end) else "" end);

  # sums are the numbers of a plan by what happens, in the order of the table.
  def sums:
    [ ($invalidated + $actions | length | select(. > 0) | if zh then "\(.) 张永久作废" else "\(.) permanently invalidated" end),
      ($templates | length | select(. > 0) | count("card template permanently invalidated"; "card templates permanently invalidated"; "个模板永久作废")),
      ($kept | length | select(. > 0) | if zh then "\(.) 张不再受管理" else "\(.) no longer managed" end),
      ([$rows[] | select(.old == "gone")] | length | select(. > 0) | if zh then "\(.) 张已作废的移除" else "\(.) invalid already and removed" end),
      ([$rows[] | select(.old == "change" and (.takes | not))] | length | select(. > 0) | if zh then "\(.) 张修改" else "\(.) changed" end),
      ([$rows[] | select(.takes)] | length | select(. > 0) | if zh then "\(.) 张纳入管理" else "\(.) taken into Terraform" end),
      ([$rows[] | select(.creates)] | length | select(. > 0) | if zh then "\(.) 张导入" else "\(.) imported" end) ]
    | join(comma);
  def permanentBlock:
    if ($invalidated + $templates + $actions) == [] then [] else
      [ (if $invalidated == [] then empty else
          "> ⛔ **" + ($invalidated | length | if zh then "\(.) 张会员卡将被永久作废。" else count("card"; "cards"; "") + " will be permanently invalidated." end) + "** " + w.permanentUndo
          + "\n>\n> " + ($invalidated | map(.code | value) | listed(20000)) end),
        (if $actions == [] then empty else
          "> ⛔ **" + ($actions | length | if zh then "\(.) 张会员卡将被 action 永久作废。" else count("card"; "cards"; "") + " will be permanently invalidated by an action." end) + "** " + w.permanentUndo
          + "\n>\n> " + ($actions | map(.config_values.user_card_code // .address | value) | listed(5000)) end),
        (if $templates == [] then empty else
          "> ⛔ **" + ($templates | length | if zh then "\(.) 个会员卡模板将被永久作废。" else count("card template"; "card templates"; "") + " will be permanently invalidated." end) + "**"
          + (if zh then "之后无法再用它导入会员。" else " No member can be imported with it afterwards." end)
          + "\n>\n> " + ($templates | map(templateName) | listed(2000)) end)
      ] | [join("\n\n")]
    end;
  def facts:
    [ ($kept | length | select(. > 0) | if zh then "\(.) 张会员卡仍留在微信支付，不再受管理。" else count("card stays"; "cards stay"; "") + " at WeChat Pay and " + (if . == 1 then "is" else "are" end) + " no longer managed." end),
      ($endLater | length | select(. > 0) | if zh then "从现在起，\(.) 位会员的行一旦删除，卡将永久作废。"
        else count("card"; "cards"; "") + " will be permanently invalidated from now on when " + (if . == 1 then "its line is" else "their line is" end) + " removed." end),
      ($unverifiedMembers | length | select(. > 0) | if zh then "\(.) 位会员未核实：没有人核对过这张卡是否属于该会员。" else count("member is"; "members are"; "") + " unverified: nobody has checked whose card it is." end),
      ($moved | length | select(. > 0) | if zh then "\(.) 位会员只是在 Terraform 中换了地址。" else count("member only changes its"; "members only change their"; "") + " address in Terraform." end),
      ($pictures[] | select(.type == "wechatpay_member_card_template") | "\(if zh then "会员卡模板" else "Card template" end) \(templateName)\(colon)\(templateAction)"),
      ($pictures[] | select(.type == "wechatpay_image") | "\(if zh then "图片" else "Picture" end) \(.address | value)\(colon)\(otherAction)"),
      ($others | length | select(. > 0) | if zh then "另有 \(.) 项其他资源的变化，此处未显示。" else count("change"; "changes"; "") + " of other resources " + (if . == 1 then "is" else "are" end) + " not shown here." end),
      ($requests | select(. > 0) | (. / $perSecond | duration) as $time
        | if zh then "执行约需 \($time)：\(.) 次请求，每秒 \($perSecond) 次。" else "The apply takes about \($time): \(count("request"; "requests"; "")) at \($perSecond) a second." end),
      (if $requests > 0 and $readings > 0 then $readings | (. / $perSecond | duration) as $time
        | if zh then "在此之前读取 \(.) 张已有的卡，最多另需 \($time)。" else "Before that it reads \(if . == 1 then "the card that exists" else "the \(.) cards that exist" end) already, which takes up to \($time) more." end else empty end)
    ] | map("- " + .) | if . == [] then [] else [join("\n")] end;
  def manyTemplates: ([$rows[] | .template, (select(.replaces) | .newTemplate)] | unique | length) > 1;
  def changesTable($room):
    manyTemplates as $many
    | if $rows == [] then [] else
        [ $rows[:2000] | map([.code | value] + (if $many then [templateCell] else [] end) + [whatCell, levelCell, phoneCell])
          | . + [range(0; ($rows | length) - length) | ["…"]]
          | table([w.code] + (if $many then [w.cardTemplate] else [] end) + [w.what, w.level, w.phone]; $room) ]
      end;
  def failedReview($title; $what; $why):
    [head($title; $what), $why] + section("\($errors | length | count("error"; "errors"; "个错误"))"; errorItems(40000))
    + (if $errors == [] then [w.noErrors] else [w.detailsInLog + (if zh then "" else " " end) + titlesNote] end) + footer | join("\n\n");
  def failed: $status != "0" or $planned == null or $planned.errored == true;
  def planReview:
    if failed then failedReview(w.title; w.failed; w.failedWhy) else
      ((sums | if . != "" then . elif $pictures + $others != [] then (if zh then "会员没有变化" else "no member changes" end)
        elif $outputs != [] then w.outputsOnly else w.nothing end)
      + (if $planned.complete == false then w.moreFollows else "" end)) as $sums
      | ([head(w.title; $sums)] + permanentBlock + facts + (if $planned.complete == false then [w.incompletePlan] else [] end)) as $top
      | (section(w.warnings; warningItems | fit(6000)) | if . == [] then [] else . + [titlesNote] end) as $bottom
      | ($top + $bottom | join("\n\n") | length) as $used
      | $top + changesTable(58000 - $used) + $bottom + footer | join("\n\n")
    end;

# --- The review after an apply -------------------------------------------------------------------------------

  ([$stateMembers[] | {key: .address, value: .values}] | from_entries) as $now
| (reduce ($log | split("\n")[] | select(test("\"apply_(start|complete|errored)\"")) | parsed | select(.hook.resource.addr? != null))
    as $line ({}; .[$line.hook.resource.addr + " " + $line.hook.action] = $line.type)) as $reported
| [$log | split("\n")[] | select(test("\"action_(complete|errored)\"")) | parsed | select(.hook.action.action_type? == "wechatpay_member_card_invalidate") | .type] as $actionEnds
| ([$diagnostics[] | select(.address != null)] | group_by(.address) | map({key: .[0].address, value: .}) | from_entries) as $of
| def errorOf: [($of[.address] // [])[] | select(.severity == "error")][0];
  def reported($action): $reported[.address + " " + $action];
  def completed($action): reported($action) == "apply_complete";
  # undone is why Terraform did not report an action as done. The error of a delete names no address, and after an
  # interruption there is none.
  def undone($action):
    errorOf as $error
    | if $error == null then (if reported($action) == null then "notSent" elif any($errors[]; .address == null) then "failed" else "unknown" end)
      elif $error | repeats then "notSent"
      else
        $error | (.summary // "") + "\n" + (.detail // "")
        | if test("no WeChat account|未绑定微信") then "noAccount" elif test("may have been carried out") then "unknown" else "failed" end
      end;
  def left: if .old == "invalidate" then "invalidated" else "left" end;
  # result is what became of a planned change. Terraform reports what it created, changed and deleted, but not what it
  # forgot or only took into the state: only the state tells that.
  def result:
    if .creates then
      if completed("create") then (if $now[.address].adopted == true then "there" else "imported" end)
      # A replacement that could not end the old card has not come to the new one.
      elif .replaces and reported("delete") != null and (completed("delete") | not) then undone("delete")
      else undone("create") end
    elif .old == "change" then (if completed("update") then "changed" else undone("update") end)
    elif .old == "take" or .forgets then
      if errorOf != null then undone("")
      elif $after == null then "notKnown"
      elif .forgets == ($now[.address] == null) then (if .forgets then left else "taken" end)
      else "notSent" end
    elif completed("delete") then left
    else undone("delete") end;
  # oldResult is what became of the card that a replacement leaves.
  def oldResult:
    if .replaces | not then empty
    elif completed("delete") or (.forgets and completed("create")) then left
    elif completed("create") then undone("delete")
    else empty end;
  def masked: (.after // .before).phone_number_masked // "" | value;

  ([$rows[] | . + {result: result, done: [oldResult]}]) as $results
| ([$of[][] | select(.severity == "warning" and ((.summary // "") | startswith("The member is there, but not complete"))) | .address] | unique) as $incomplete
| def number($of; $english; $chinese): [$results[] | (.result, .done[]) | select(. == $of)] | length | select(. > 0) | if zh then "\(.) 张\($chinese)" else "\(.) \($english)" end;
  def outcome:
    [ number("imported"; "imported"; "已导入"), number("there"; "already there"; "早已存在"), number("taken"; "taken into Terraform"; "纳入管理"),
      number("changed"; "changed"; "已修改"), number("invalidated"; "permanently invalidated"; "已永久作废"),
      ([$actionEnds[] | select(. == "action_complete")] | length | select(. > 0) | count("invalidated by an action"; "invalidated by an action"; "张由 action 作废")),
      number("left"; "no longer managed"; "不再受管理"),
      number("noAccount"; "without a WeChat account"; "没有绑定微信"), number("failed"; "failed"; "失败"), number("unknown"; "failed and may have been carried out"; "失败但可能已生效"),
      ([$actionEnds[] | select(. == "action_errored")] | length | select(. > 0) | count("action failed"; "actions failed"; "个 action 失败")),
      number("notSent"; "not sent"; "未发送"),
      (($actions | length) - ($actionEnds | length) | select(. > 0) | count("action did not run"; "actions did not run"; "个 action 未运行")),
      number("notKnown"; "with an unknown outcome"; "结果未知") ]
    | if . == [] then w.nothing else join(comma) end;
  def newCodeOr: .newCode // .code;
  # people are the members for whom a person must do something, by code.
  def people:
    [ ($results[]
        | (errorOf.summary | if . == null then w.seeErrors else title end) as $title
        | ({is: .result, code: newCodeOr, template: (.newTemplate // .template), phone: masked, which: ""},
            {is: .done[], code, template, phone: (.before.phone_number_masked // "" | value), which: (w.oldCard + colon)}) + {address}
        | .what = .which + {noAccount: w.noAccount, unknown: w.unknown, failed: (w.notDone + colon + $title)}[.is]
        | select(.is | . == "noAccount" or . == "unknown" or . == "failed")),
      ($stateMembers[] | .address as $address
        | {address, code: .values.user_card_code, template: (.values | templateOf), phone: (.values.phone_number_masked // "" | value)}
          + ((select($incomplete | index($address) != null) | {what: w.incomplete}), (select(.values.openid == null) | {what: w.unverified}))) ]
    | group_by([.code, .address]) | map(.[0] + {what: (map(.what) | unique | join(" "))});
  def applyReview:
    people as $people
    | (($people | map(.template) | unique | length) > 1) as $many
    | [$results[] | (select(.result == "notSent") | newCodeOr), (select(.done == ["notSent"]) | .code)] as $notSent
    # Errors of members are in the table; those of the whole run are here, and what no row shows.
    | ([$results[] | select([.result, .done[]] | any(. == "noAccount" or . == "unknown" or . == "failed" or . == "notSent")) | {key: .address, value: true}]
        | from_entries) as $shown
    | ([$errors[] | select(.address == null or $shown[.address] == null)]) as $general
    | ([head(w.titleApply; (if $status == "0" then "" else w.applyFailed + comma end) + outcome)]
        + (if $after == null then [w.stateUnknown] else [] end)
        + (if $notSent == [] then [] else ["**" + ($notSent | length | if zh then "\(.) 位会员未发送" else count("member was"; "members were"; "") + " not sent" end) + "**" + (if zh then "，请再执行一次：" else "; apply again: " end) + ($notSent | sort | map(value) | listed(8000))] end)
        + (if $general == [] then [] else section(w.errors; $general | map("- " + errorItem) | fit(6000)) + [w.detailsInLog] end)) as $top
    | (section(w.warnings; warningItems | fit(4000)) + (if $warnings != [] or $general != [] or any($results[]; .result == "failed" or .done == ["failed"]) then [titlesNote] else [] end)) as $bottom
    | ($top + $bottom | join("\n\n") | length) as $used
    | $top
      + (if $people == [] then [] else ["**" + ($people | length | if zh then "\(.) 位会员需要人工处理" else count("member needs"; "members need"; "") + " a person" end) + "**",
          ($people[:2000] | map([.code | value] + (if $many then [.template | templateText] else [] end) + [.phone, .what])
            | table([w.code] + (if $many then [w.cardTemplate] else [] end) + [w.phone, (if zh then "该做什么" else "What to do" end)]; 56000 - $used))] end)
      + $bottom + footer | join("\n\n");

# --- What is printed -----------------------------------------------------------------------------------------

  if $mode == "none" then [head(w.title; w.none), w.noneWhy] + footer | join("\n\n")
  elif $mode == "plan" then planReview
  elif $mode == "apply" then (if $planned == null or $planned.errored == true then failedReview(w.titleApply; w.failed; w.failedNothing) else applyReview end)
  elif $mode == "log" then
    $diagnostics | unique_by([.address, .summary, .detail]) | sort_by([.severity, (.address | codeOf) // "", .summary])[]
    | (.severity + ": " + (.summary // "")) + (if .address != null then "\n  " + .address elif .range != null then "\n  \(.range.filename) line \(.range.start.line)" else "" end)
      + "\n\n" + ((.detail // "") | split("\n") | map("  " + .) | join("\n")) + "\n" | mask
  else error("mode must be plan, apply, log or none") end
