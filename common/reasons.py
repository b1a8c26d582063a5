"""The one register of reason codes: what each says in both languages and which side can change it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Side = Literal["need", "capacity", "both", "none", "-"]


class Reason(StrEnum):
    """A code of the register; the part before the first dot is its kind: fit, gap, hint, end, flag or refusal."""

    FIT_NODE_EXACT = "fit.node.exact"
    FIT_NODE_BROADER = "fit.node.broader"
    FIT_NODE_NARROWER = "fit.node.narrower"
    FIT_NODE_LINKED = "fit.node.linked"
    FIT_TEXT_TERMS = "fit.text.terms"
    FIT_TEXT_MEANING = "fit.text.meaning"
    FIT_TEXT_NUMBERS = "fit.text.numbers"
    FIT_QUANTITY_COVERS = "fit.quantity.covers"
    FIT_WINDOW_COVERS = "fit.window.covers"
    FIT_CERTIFICATE_ALL = "fit.certificate.all"
    FIT_CERTIFICATE_WISHED = "fit.certificate.wished"
    FIT_PARAMETER_ALL = "fit.parameter.all"
    FIT_PRICE_WITHIN = "fit.price.within"
    FIT_REGION_OTHER_PROVINCE = "fit.region.other_province"
    FIT_REGION_NEAR = "fit.region.near"
    FIT_FRESH = "fit.fresh"
    FIT_TRUST_CONFIRMED = "fit.trust.confirmed"
    GAP_NODE_MISMATCH = "gap.node.mismatch"
    GAP_REGION_EXCLUDED = "gap.region.excluded"
    GAP_QUANTITY_SHORT = "gap.quantity.short"
    GAP_CAPACITY_BOOKED = "gap.capacity.booked"
    GAP_WINDOW_MISS = "gap.window.miss"
    GAP_CERTIFICATE_MISSING = "gap.certificate.missing"
    GAP_CERTIFICATE_EXPIRED = "gap.certificate.expired"
    GAP_PRICE_ABOVE = "gap.price.above"
    GAP_PARAMETER_UNMET = "gap.parameter.unmet"
    GAP_MINIMUM_ORDER_HIGH = "gap.minimum_order.high"
    GAP_UNIT_INCOMPATIBLE = "gap.unit.incompatible"
    GAP_STALE = "gap.stale"
    GAP_BUSY = "gap.busy"
    GAP_TEXT_WEAK = "gap.text.weak"
    GAP_CERTIFICATE_EXPIRING = "gap.certificate.expiring"
    GAP_CERTIFICATE_WISH_MISSING = "gap.certificate.wish_missing"
    GAP_PARAMETER_WISH_UNMET = "gap.parameter.wish_unmet"
    GAP_REGION_FAR = "gap.region.far"
    GAP_REGION_SAME_PROVINCE = "gap.region.same_province"
    GAP_WINDOW_LATE = "gap.window.late"
    GAP_NOT_VERIFIED = "gap.not_verified"
    GAP_UNCONFIRMED = "gap.unconfirmed"
    GAP_PLAN_TAKEN = "gap.plan.taken"
    HINT_CERTIFICATE_ADD = "hint.certificate.add"
    HINT_CERTIFICATE_RENEW = "hint.certificate.renew"
    HINT_CERTIFICATE_WISH = "hint.certificate.wish"
    HINT_WINDOW_EXTEND = "hint.window.extend"
    HINT_WINDOW_SHIFT = "hint.window.shift"
    HINT_MINIMUM_ORDER_LOWER = "hint.minimum_order.lower"
    HINT_QUANTITY_SPLIT = "hint.quantity.split"
    HINT_QUANTITY_LOWER = "hint.quantity.lower"
    HINT_QUANTITY_RAISE = "hint.quantity.raise"
    HINT_CAPACITY_FREE = "hint.capacity.free"
    HINT_PRICE_RAISE = "hint.price.raise"
    HINT_PRICE_LOWER = "hint.price.lower"
    HINT_REGION_ALLOW = "hint.region.allow"
    HINT_RADIUS_WIDEN = "hint.radius.widen"
    HINT_PARAMETER_RELAX = "hint.parameter.relax"
    HINT_PARAMETER_RECORD = "hint.parameter.record"
    HINT_UNIT_CHANGE = "hint.unit.change"
    HINT_CAPACITY_CONFIRM = "hint.capacity.confirm"
    END_NEED_FILLED_HERE = "end.need.filled_here"
    END_NEED_FILLED_ELSEWHERE = "end.need.filled_elsewhere"
    END_NEED_NONE_SUITABLE = "end.need.none_suitable"
    END_NEED_WITHDRAWN = "end.need.withdrawn"
    END_CAPACITY_SOLD_HERE = "end.capacity.sold_here"
    END_CAPACITY_SOLD_ELSEWHERE = "end.capacity.sold_elsewhere"
    END_CAPACITY_NONE_SUITABLE = "end.capacity.none_suitable"
    END_CAPACITY_WITHDRAWN = "end.capacity.withdrawn"
    END_PARTNERSHIP_PRICE = "end.partnership.price"
    END_PARTNERSHIP_QUANTITY = "end.partnership.quantity"
    END_PARTNERSHIP_TIME = "end.partnership.time"
    END_PARTNERSHIP_QUALITY = "end.partnership.quality"
    END_PARTNERSHIP_NOT_SUITABLE = "end.partnership.not_suitable"
    END_PARTNERSHIP_NO_ANSWER = "end.partnership.no_answer"
    END_PARTNERSHIP_WITHDRAWN = "end.partnership.withdrawn"
    END_PARTNERSHIP_OTHER_CHOSEN = "end.partnership.other_chosen"
    END_PARTNERSHIP_POSTING_OVER = "end.partnership.posting_over"
    END_PARTNERSHIP_NOT_DELIVERED = "end.partnership.not_delivered"
    END_PARTNERSHIP_UNCONFIRMED = "end.partnership.unconfirmed"
    END_SUGGESTION_NOT_RELEVANT = "end.suggestion.not_relevant"
    END_SUGGESTION_TOO_FAR = "end.suggestion.too_far"
    END_SUGGESTION_SIZE = "end.suggestion.size"
    END_SUGGESTION_KNOWN = "end.suggestion.known"
    END_SUGGESTION_OTHER = "end.suggestion.other"
    END_VERIFICATION_PAPERS_MISSING = "end.verification.papers_missing"
    END_VERIFICATION_CODE_MISMATCH = "end.verification.code_mismatch"
    END_VERIFICATION_CONTACT_UNCONFIRMED = "end.verification.contact_unconfirmed"
    END_CERTIFICATE_NOT_FOUND = "end.certificate.not_found"
    END_CERTIFICATE_UNREADABLE = "end.certificate.unreadable"
    FLAG_CONTACT_IN_TEXT = "flag.contact_in_text"
    FLAG_JUNK = "flag.junk"
    FLAG_NEW_FIRM_QUOTA = "flag.new_firm_quota"
    FLAG_FALSE_CLAIM = "flag.false_claim"
    FLAG_CERTIFICATE_ELSEWHERE = "flag.certificate_elsewhere"
    REFUSAL_NOT_YOURS = "refusal.not_yours"
    REFUSAL_WRONG_STATE = "refusal.wrong_state"
    REFUSAL_NO_ENTERPRISE = "refusal.no_enterprise"
    REFUSAL_SUSPENDED = "refusal.suspended"
    REFUSAL_OWN_POSTING = "refusal.own_posting"
    REFUSAL_SAME_DIRECTION = "refusal.same_direction"
    REFUSAL_ALREADY_THERE = "refusal.already_there"
    REFUSAL_FIRST_CONTACTS_USED = "refusal.first_contacts_used"
    REFUSAL_OTHER_SIDE = "refusal.other_side"
    REFUSAL_CONTACT_IN_TEXT = "refusal.contact_in_text"
    REFUSAL_ENTERPRISE_EXISTS = "refusal.enterprise_exists"
    REFUSAL_ALREADY_MEMBER = "refusal.already_member"
    REFUSAL_LAST_OWNER = "refusal.last_owner"
    REFUSAL_INVITATION_OVER = "refusal.invitation_over"
    REFUSAL_INVITATION_OTHER_ADDRESS = "refusal.invitation_other_address"
    REFUSAL_LINK_OVER = "refusal.link_over"
    REFUSAL_PERIOD_LOCKED = "refusal.period_locked"
    REFUSAL_NOTICE_WANTED = "refusal.notice_wanted"
    REFUSAL_HAS_HISTORY = "refusal.has_history"
    REFUSAL_FIRM_ELSEWHERE = "refusal.firm_elsewhere"
    REFUSAL_BATCH_INCOMPLETE = "refusal.batch_incomplete"
    REFUSAL_LIMIT_REACHED = "refusal.limit_reached"
    REFUSAL_REQUIRED = "refusal.required"
    REFUSAL_TOO_LONG = "refusal.too_long"
    REFUSAL_NOT_A_NUMBER = "refusal.not_a_number"
    REFUSAL_NOT_DAYS = "refusal.not_days"
    REFUSAL_NOT_POSITIVE = "refusal.not_positive"
    REFUSAL_TOO_LARGE = "refusal.too_large"
    REFUSAL_NOT_A_DAY = "refusal.not_a_day"
    REFUSAL_NOT_A_MAIL = "refusal.not_a_mail"
    REFUSAL_WINDOW_REVERSED = "refusal.window_reversed"
    REFUSAL_WINDOW_PAST = "refusal.window_past"
    REFUSAL_UNKNOWN_CODE = "refusal.unknown_code"
    REFUSAL_NODE_TOO_BROAD = "refusal.node_too_broad"
    REFUSAL_REGION_CLOSED = "refusal.region_closed"
    REFUSAL_USCC_INVALID = "refusal.uscc_invalid"
    REFUSAL_NAME_CHARACTERS = "refusal.name_characters"
    REFUSAL_CONTACT_UNREACHABLE = "refusal.contact_unreachable"
    REFUSAL_BAND_REVERSED = "refusal.band_reversed"
    REFUSAL_BELOW_AGREED = "refusal.below_agreed"
    REFUSAL_HIDDEN_FROM = "refusal.hidden_from"
    REFUSAL_TOO_MANY_WAITING = "refusal.too_many_waiting"
    REFUSAL_DECLINED_BEFORE = "refusal.declined_before"
    REFUSAL_POSTING_CHANGED = "refusal.posting_changed"
    REFUSAL_REMINDED_LATELY = "refusal.reminded_lately"
    REFUSAL_NOTHING_WAITS = "refusal.nothing_waits"
    REFUSAL_TAKEN = "refusal.taken"
    REFUSAL_DECIDED = "refusal.decided"
    REFUSAL_DECIDED_YOURSELF = "refusal.decided_yourself"
    REFUSAL_NUMBER_HELD = "refusal.number_held"
    REFUSAL_CERTIFICATE_OVER = "refusal.certificate_over"
    REFUSAL_DEADLINE_OVER = "refusal.deadline_over"
    REFUSAL_DEADLINE_AHEAD = "refusal.deadline_ahead"
    REFUSAL_TOO_MANY_QUOTES = "refusal.too_many_quotes"
    REFUSAL_QUOTE_UNSURE = "refusal.quote_unsure"
    REFUSAL_DISPUTED = "refusal.disputed"
    REFUSAL_BOOKED_MEASURE = "refusal.booked_measure"
    REFUSAL_TERMS_CHANGED = "refusal.terms_changed"
    REFUSAL_UNIT_OTHER = "refusal.unit_other"
    REFUSAL_WRONG_SECRET = "refusal.wrong_secret"
    REFUSAL_DAY_NOT_AHEAD = "refusal.day_not_ahead"
    REFUSAL_DAY_TOO_FAR = "refusal.day_too_far"
    REFUSAL_NOT_VERIFIED = "refusal.not_verified"
    REFUSAL_IN_REQUEST = "refusal.in_request"
    REFUSAL_FILE_KIND = "refusal.file_kind"
    REFUSAL_FILE_LARGE = "refusal.file_large"
    REFUSAL_FILE_UNREADABLE = "refusal.file_unreadable"
    REFUSAL_NDA_MISSING = "refusal.nda_missing"
    REFUSAL_PAGES_ONLY = "refusal.pages_only"
    REFUSAL_NOT_SHARED = "refusal.not_shared"
    REFUSAL_SET_SIZE = "refusal.set_size"
    REFUSAL_SHARES_SUM = "refusal.shares_sum"
    REFUSAL_SHARE_SMALL = "refusal.share_small"
    REFUSAL_SHARE_LARGE = "refusal.share_large"
    REFUSAL_SHARE_UNFIT = "refusal.share_unfit"
    REFUSAL_CONTACT_HERE = "refusal.contact_here"
    REFUSAL_OUTSIDE_SCOPE = "refusal.outside_scope"
    REFUSAL_WISHES_OPEN = "refusal.wishes_open"
    REFUSAL_WISHES_CLOSED = "refusal.wishes_closed"
    REFUSAL_FEW_FIRMS = "refusal.few_firms"
    REFUSAL_PLAN_OLD = "refusal.plan_old"
    REFUSAL_NO_GAP = "refusal.no_gap"

    @property
    def kind(self) -> str:
        """fit, gap, hint, end, flag or refusal."""
        return self.value.split(".", 1)[0]


@dataclass(frozen=True)
class ReasonText:
    """Both texts of a reason, with the same placeholders, and the side that can change it."""

    en: str
    zh: str
    changed_by: Side = "-"


# fmt: off
TEXTS: dict[Reason, ReasonText] = {
    Reason.FIT_NODE_EXACT: ReasonText("same product or process node", "产业链环节完全一致"),
    Reason.FIT_NODE_BROADER: ReasonText("the capacity stands one step broader ({node})", "供给登记在上一级环节（{node}）"),
    Reason.FIT_NODE_NARROWER: ReasonText("the capacity is a speciality of the node asked for ({node})", "供给是所求环节的细分（{node}）"),
    Reason.FIT_NODE_LINKED: ReasonText("neighbouring node along the supply chain ({node})", "供应链上的相邻环节（{node}）"),
    Reason.FIT_TEXT_TERMS: ReasonText("shared terms: {terms}", "共同用语：{terms}"),
    Reason.FIT_TEXT_MEANING: ReasonText("the descriptions mean much the same", "两边描述语义相近"),
    Reason.FIT_TEXT_NUMBERS: ReasonText("same model or specification: {numbers}", "型号或规格相同：{numbers}"),
    Reason.FIT_QUANTITY_COVERS: ReasonText("free capacity covers the quantity", "空余产能覆盖所需数量"),
    Reason.FIT_WINDOW_COVERS: ReasonText("the window is covered", "时间完全覆盖"),
    Reason.FIT_CERTIFICATE_ALL: ReasonText("all required certificates are valid to the end", "所需资质齐全且全程有效"),
    Reason.FIT_CERTIFICATE_WISHED: ReasonText("wished certificates held: {certificates}", "具备优先资质：{certificates}"),
    Reason.FIT_PARAMETER_ALL: ReasonText("all technical parameters are met", "技术参数全部满足"),
    Reason.FIT_PRICE_WITHIN: ReasonText("price inside the open band", "价格在公开区间内"),
    Reason.FIT_REGION_OTHER_PROVINCE: ReasonText("on the other side of the provincial border", "跨省对接"),
    Reason.FIT_REGION_NEAR: ReasonText("about {km} km away", "距离约 {km} 公里"),
    Reason.FIT_FRESH: ReasonText("confirmed within the last {days} days", "{days} 天内确认过"),
    Reason.FIT_TRUST_CONFIRMED: ReasonText("{count} outcomes confirmed by both sides", "有 {count} 项双方确认的成果"),
    Reason.GAP_NODE_MISMATCH: ReasonText("another product or capability", "产品或能力不是所求", "none"),
    Reason.GAP_REGION_EXCLUDED: ReasonText("outside the allowed regions", "所在地区不在允许范围", "need"),
    Reason.GAP_QUANTITY_SHORT: ReasonText("total quantity too small", "总量不足", "both"),
    Reason.GAP_CAPACITY_BOOKED: ReasonText("enough in total, but booked", "总量够但已被占用", "capacity"),
    Reason.GAP_WINDOW_MISS: ReasonText("the window is not covered", "时间不覆盖", "both"),
    Reason.GAP_CERTIFICATE_MISSING: ReasonText("a required certificate is missing: {certificates}", "缺少所需证书：{certificates}", "capacity"),
    Reason.GAP_CERTIFICATE_EXPIRED: ReasonText("a certificate ends before the window does: {certificates}", "证书在窗口结束前到期：{certificates}", "capacity"),
    Reason.GAP_PRICE_ABOVE: ReasonText("price above the band", "报价高于预算", "both"),
    Reason.GAP_PARAMETER_UNMET: ReasonText("a technical parameter is not met: {parameters}", "参数不满足：{parameters}", "both"),
    Reason.GAP_MINIMUM_ORDER_HIGH: ReasonText("minimum order above the need", "起订量高于需求", "both"),
    Reason.GAP_UNIT_INCOMPATIBLE: ReasonText("units that cannot be compared", "计量单位不可比", "both"),
    Reason.GAP_STALE: ReasonText("not confirmed lately", "信息太久没确认", "capacity"),
    Reason.GAP_BUSY: ReasonText("busy: many open requests", "较忙：待处理意向较多", "none"),
    Reason.GAP_TEXT_WEAK: ReasonText("few shared terms", "描述中的共同用语少", "both"),
    Reason.GAP_CERTIFICATE_EXPIRING: ReasonText("a certificate ends soon after the window: {certificates}", "证书在窗口结束后不久到期：{certificates}", "capacity"),
    Reason.GAP_CERTIFICATE_WISH_MISSING: ReasonText("wished certificates not held: {certificates}", "未具备优先资质：{certificates}", "capacity"),
    Reason.GAP_PARAMETER_WISH_UNMET: ReasonText("wished parameters not met: {parameters}", "优先参数未满足：{parameters}", "capacity"),
    Reason.GAP_REGION_FAR: ReasonText("about {km} km away", "距离约 {km} 公里，较远", "none"),
    Reason.GAP_REGION_SAME_PROVINCE: ReasonText("on the same side of the border", "在同一省市", "none"),
    Reason.GAP_WINDOW_LATE: ReasonText("lead time longer than asked", "交期长于所求", "capacity"),
    Reason.GAP_NOT_VERIFIED: ReasonText("the firm is not checked yet", "企业待核验", "capacity"),
    Reason.GAP_UNCONFIRMED: ReasonText("not confirmed for {days} days", "已 {days} 天未确认", "capacity"),
    Reason.GAP_PLAN_TAKEN: ReasonText("what fits is needed for other needs of the plan", "适配的产能在本方案中已分给其他需求", "none"),
    Reason.HINT_CERTIFICATE_ADD: ReasonText("get {certificates} and record it", "取得 {certificates} 并登记", "capacity"),
    Reason.HINT_CERTIFICATE_RENEW: ReasonText("renew {certificates} beyond the window and record it", "将 {certificates} 续期至窗口之后并登记", "capacity"),
    Reason.HINT_CERTIFICATE_WISH: ReasonText("ask for {certificates} as a wish, not as a must", "将 {certificates} 由必须改为优先", "need"),
    Reason.HINT_WINDOW_EXTEND: ReasonText("extend the capacity's window by {days} days", "供给窗口延长 {days} 天", "capacity"),
    Reason.HINT_WINDOW_SHIFT: ReasonText("shorten the need's window by {days} days", "需求窗口缩短 {days} 天", "need"),
    Reason.HINT_MINIMUM_ORDER_LOWER: ReasonText("lower the minimum order to {amount} {unit}", "起订量降到 {amount} {unit}", "capacity"),
    Reason.HINT_QUANTITY_SPLIT: ReasonText("allow several suppliers", "允许多家共同供应", "need"),
    Reason.HINT_QUANTITY_LOWER: ReasonText("lower the quantity to {amount} {unit}", "数量降到 {amount} {unit}", "need"),
    Reason.HINT_QUANTITY_RAISE: ReasonText("raise the quantity to {amount} {unit}", "数量提高到 {amount} {unit}", "both"),
    Reason.HINT_CAPACITY_FREE: ReasonText("free {amount} {unit} of booked capacity", "腾出 {amount} {unit} 已占产能", "capacity"),
    Reason.HINT_PRICE_RAISE: ReasonText("raise the band to {amount} {currency}", "价格上限提高到 {amount} {currency}", "need"),
    Reason.HINT_PRICE_LOWER: ReasonText("lower the price to {amount} {currency}", "报价降到 {amount} {currency}", "capacity"),
    Reason.HINT_REGION_ALLOW: ReasonText("allow {region}", "允许 {region}", "need"),
    Reason.HINT_RADIUS_WIDEN: ReasonText("widen the radius to {km} km", "范围放宽到 {km} 公里", "need"),
    Reason.HINT_PARAMETER_RELAX: ReasonText("relax {parameters}", "放宽 {parameters}", "need"),
    Reason.HINT_PARAMETER_RECORD: ReasonText("record {parameters} once it is true", "达到后登记 {parameters}", "capacity"),
    Reason.HINT_UNIT_CHANGE: ReasonText("give the quantity in {unit}", "数量改用 {unit}", "both"),
    Reason.HINT_CAPACITY_CONFIRM: ReasonText("confirm that the posting still holds", "确认信息仍然有效", "capacity"),
    Reason.END_NEED_FILLED_HERE: ReasonText("filled here", "在本平台找到"),
    Reason.END_NEED_FILLED_ELSEWHERE: ReasonText("filled elsewhere", "在别处找到"),
    Reason.END_NEED_NONE_SUITABLE: ReasonText("none suitable", "没有合适的"),
    Reason.END_NEED_WITHDRAWN: ReasonText("no longer needed", "不再需要"),
    Reason.END_CAPACITY_SOLD_HERE: ReasonText("taken through this platform", "已通过本平台落实"),
    Reason.END_CAPACITY_SOLD_ELSEWHERE: ReasonText("taken elsewhere", "已在别处落实"),
    Reason.END_CAPACITY_NONE_SUITABLE: ReasonText("no suitable request", "没有合适的需求"),
    Reason.END_CAPACITY_WITHDRAWN: ReasonText("no longer offered", "不再提供"),
    Reason.END_PARTNERSHIP_PRICE: ReasonText("price", "价格"),
    Reason.END_PARTNERSHIP_QUANTITY: ReasonText("quantity", "数量"),
    Reason.END_PARTNERSHIP_TIME: ReasonText("time", "时间"),
    Reason.END_PARTNERSHIP_QUALITY: ReasonText("quality or technology", "质量或技术"),
    Reason.END_PARTNERSHIP_NOT_SUITABLE: ReasonText("not suitable", "不合适"),
    Reason.END_PARTNERSHIP_NO_ANSWER: ReasonText("no answer in time", "到期未答复"),
    Reason.END_PARTNERSHIP_WITHDRAWN: ReasonText("withdrawn", "已撤回"),
    Reason.END_PARTNERSHIP_OTHER_CHOSEN: ReasonText("another firm was chosen", "已选定其他企业"),
    Reason.END_PARTNERSHIP_POSTING_OVER: ReasonText("the posting is no longer open", "信息已不再开放"),
    Reason.END_PARTNERSHIP_NOT_DELIVERED: ReasonText("it was not delivered", "未能交付"),
    Reason.END_PARTNERSHIP_UNCONFIRMED: ReasonText("the outcome was not confirmed in time", "成果到期未确认"),
    Reason.END_SUGGESTION_NOT_RELEVANT: ReasonText("not what we look for", "不是我们要的"),
    Reason.END_SUGGESTION_TOO_FAR: ReasonText("too far", "太远"),
    Reason.END_SUGGESTION_SIZE: ReasonText("too large or too small", "规模不合适"),
    Reason.END_SUGGESTION_KNOWN: ReasonText("we know each other already", "已有往来"),
    Reason.END_SUGGESTION_OTHER: ReasonText("another reason", "其他原因"),
    Reason.END_VERIFICATION_PAPERS_MISSING: ReasonText("a paper is missing that shows who you are", "缺少能证明身份的材料"),
    Reason.END_VERIFICATION_CODE_MISMATCH: ReasonText("name and code differ from the public register", "名称与代码和公示系统不一致"),
    Reason.END_VERIFICATION_CONTACT_UNCONFIRMED: ReasonText("the enterprise's known contact has not confirmed", "尚未得到企业公开联系方式的确认"),
    Reason.END_CERTIFICATE_NOT_FOUND: ReasonText("the issuer's register does not show this certificate", "发证机构的公示中查不到此证书"),
    Reason.END_CERTIFICATE_UNREADABLE: ReasonText("the evidence cannot be read", "证明文件无法辨认"),
    Reason.FLAG_CONTACT_IN_TEXT: ReasonText("contact data in the text", "正文中有联系方式"),
    Reason.FLAG_JUNK: ReasonText("not a real need or capacity", "不是真实的需求或供给"),
    Reason.FLAG_NEW_FIRM_QUOTA: ReasonText("a new firm over its quota", "新企业超出发布限额"),
    Reason.FLAG_FALSE_CLAIM: ReasonText("untrue or unproven statement", "内容不实或无法证明"),
    Reason.FLAG_CERTIFICATE_ELSEWHERE: ReasonText("number or file already held by another firm", "该编号或文件已由另一家企业持有"),
    Reason.REFUSAL_NOT_YOURS: ReasonText("this is not yours to change", "您无权修改这项内容"),
    Reason.REFUSAL_WRONG_STATE: ReasonText("this cannot be done in the present state ({state})", "当前状态（{state}）下不能这样操作"),
    Reason.REFUSAL_NO_ENTERPRISE: ReasonText("register or join an enterprise first", "请先登记或加入企业"),
    Reason.REFUSAL_SUSPENDED: ReasonText("the enterprise is suspended", "企业已被暂停"),
    Reason.REFUSAL_OWN_POSTING: ReasonText("this is your own posting", "这是您自己的信息"),
    Reason.REFUSAL_SAME_DIRECTION: ReasonText("a need meets a capacity, not another need", "需求只能与供给对接"),
    Reason.REFUSAL_ALREADY_THERE: ReasonText("this has been done already", "已经做过了"),
    Reason.REFUSAL_FIRST_CONTACTS_USED: ReasonText("unverified firms may make {limit} first contacts; ask for verification", "待核验企业最多首次联系 {limit} 家；请先申请核验"),
    Reason.REFUSAL_OTHER_SIDE: ReasonText("the other side is to act now", "现在轮到对方"),
    Reason.REFUSAL_CONTACT_IN_TEXT: ReasonText("take the phone number or mail address out of title and description first", "请先把电话或邮箱移出标题和描述"),
    Reason.REFUSAL_ENTERPRISE_EXISTS: ReasonText("this enterprise is registered already; ask its owner to let you join", "该企业已登记；请申请加入"),
    Reason.REFUSAL_ALREADY_MEMBER: ReasonText("this person is a member already", "此人已是成员"),
    Reason.REFUSAL_LAST_OWNER: ReasonText("an enterprise keeps at least one owner", "企业至少保留一位所有者"),
    Reason.REFUSAL_INVITATION_OVER: ReasonText("this invitation has expired or was used", "邀请已过期或已使用"),
    Reason.REFUSAL_INVITATION_OTHER_ADDRESS: ReasonText("the invitation was sent to another address; sign in with that one or add it to your account", "邀请发给了另一个邮箱；请用该邮箱登录，或把它加到您的账户"),
    Reason.REFUSAL_LINK_OVER: ReasonText("this link has expired or was used", "链接已过期或已使用"),
    Reason.REFUSAL_PERIOD_LOCKED: ReasonText("this period is locked; add a correction", "该期已锁定；请提交更正"),
    Reason.REFUSAL_NOTICE_WANTED: ReasonText("a kind changes by a notice only: name it, and the day from which it holds", "变更合作类型须有通知依据：请填写通知名称和起始日期"),
    Reason.REFUSAL_HAS_HISTORY: ReasonText("what has a history is not deleted; give it a last day instead", "有历史记录的内容不能删除；请改填终止日期"),
    Reason.REFUSAL_FIRM_ELSEWHERE: ReasonText("{name} is in no region of the project's parks that you look after", "{name}不在项目园区中由您管理的区域内"),
    Reason.REFUSAL_BATCH_INCOMPLETE: ReasonText("{named} of {size} parks are named; {missing} to be taken from the notice", "{size} 个园区中已列名 {named} 个；其余 {missing} 个待从通知中补录"),
    Reason.REFUSAL_LIMIT_REACHED: ReasonText("too many: at most {limit}", "数量超出上限：最多 {limit}"),
    Reason.REFUSAL_REQUIRED: ReasonText("fill this in", "请填写此项"),
    Reason.REFUSAL_TOO_LONG: ReasonText("at most {limit} characters", "最多 {limit} 个字符"),
    Reason.REFUSAL_NOT_A_NUMBER: ReasonText("write a number such as 8000, 8,000 or 8k", "请填写数字，如 8000 或 0.8万"),
    Reason.REFUSAL_NOT_DAYS: ReasonText("write whole days such as 45", "请填写整天数，如 45"),
    Reason.REFUSAL_NOT_POSITIVE: ReasonText("write a number above zero", "请填写大于零的数"),
    Reason.REFUSAL_TOO_LARGE: ReasonText("this number is too large; check the zeros or choose a larger unit", "数字过大，请检查位数或改用更大的单位"),
    Reason.REFUSAL_NOT_A_DAY: ReasonText("write a day such as 2027-01-31", "请填写日期，如 2027-01-31"),
    Reason.REFUSAL_NOT_A_MAIL: ReasonText("write a mail address such as name@example.com", "请填写邮箱地址，如 name@example.com"),
    Reason.REFUSAL_WINDOW_REVERSED: ReasonText("the end is before the start; choose {start} or a later day", "结束日期早于开始日期，请选 {start} 或之后的日期"),
    Reason.REFUSAL_WINDOW_PAST: ReasonText("the last day is over; choose a later one", "结束日期已过，请选今天或之后的日期"),
    Reason.REFUSAL_UNKNOWN_CODE: ReasonText("this is not in the list: {code}", "列表中没有：{code}"),
    Reason.REFUSAL_NODE_TOO_BROAD: ReasonText("choose a part of this chain; a whole chain matches nothing", "请选择该产业链下的具体环节，整条产业链无法匹配"),
    Reason.REFUSAL_REGION_CLOSED: ReasonText("this region is now {successor}; choose that", "该行政区已并入{successor}；请选择后者"),
    Reason.REFUSAL_USCC_INVALID: ReasonText("this is not a valid unified social credit code (18 characters; check the last one)", "统一社会信用代码有误（18 位，请核对末位校验码）"),
    Reason.REFUSAL_NAME_CHARACTERS: ReasonText("use Chinese or Latin letters only; look-alikes such as {character} are not taken", "请只用汉字或拉丁字母；不接受形近字符，如 {character}"),
    Reason.REFUSAL_CONTACT_UNREACHABLE: ReasonText("give a phone number or an e-mail address", "请填写电话或邮箱"),
    Reason.REFUSAL_BAND_REVERSED: ReasonText("the upper price is below the lower one", "价格上限低于下限"),
    Reason.REFUSAL_BELOW_AGREED: ReasonText("{amount} of it are agreed already; write at least that", "其中 {amount} 已有约定；不能更少"),
    Reason.REFUSAL_HIDDEN_FROM: ReasonText("your posting is hidden from this firm; take the firm off that list first", "您的信息对该企业隐藏；请先取消隐藏"),
    Reason.REFUSAL_TOO_MANY_WAITING: ReasonText("{limit} of your requests wait for an answer already; wait or withdraw one", "已有 {limit} 条意向等待答复；请等待或先撤回一条"),
    Reason.REFUSAL_DECLINED_BEFORE: ReasonText("the other side declined this pair; ask again once one of the two postings has changed", "对方已谢绝这一对接；任一方信息有变化后可再次表达意向"),
    Reason.REFUSAL_POSTING_CHANGED: ReasonText("the posting was changed after the interest; look again", "表达意向后信息有改动；请重新查看"),
    Reason.REFUSAL_REMINDED_LATELY: ReasonText("the firm was reminded within the last {days} days; try again later", "{days} 天内已提醒过该企业；请稍后再试"),
    Reason.REFUSAL_NOTHING_WAITS: ReasonText("nothing waits for an answer here", "这里没有等待答复的事项"),
    Reason.REFUSAL_TAKEN: ReasonText("{name} is looking at this already", "{name} 已领取，正在处理"),
    Reason.REFUSAL_DECIDED: ReasonText("{name} has decided this meanwhile: {outcome}", "{name} 已先行处理：{outcome}"),
    Reason.REFUSAL_DECIDED_YOURSELF: ReasonText("you made the decision yourself; another moderator looks at the appeal", "原决定由您作出；申诉由另一位审核人处理"),
    Reason.REFUSAL_NUMBER_HELD: ReasonText("number already held by another firm", "该编号已由另一家企业持有"),
    Reason.REFUSAL_CERTIFICATE_OVER: ReasonText("the certificate has expired and cannot be confirmed", "证书已过期，不能确认"),
    Reason.REFUSAL_DEADLINE_OVER: ReasonText("the deadline for quotes is over", "报价截止时间已过"),
    Reason.REFUSAL_DEADLINE_AHEAD: ReasonText("quotes are sealed until {day}; decide after that", "报价密封至 {day}；请在截止后再作决定"),
    Reason.REFUSAL_TOO_MANY_QUOTES: ReasonText("this need has {limit} open quotes already", "该需求已有 {limit} 份有效报价"),
    Reason.REFUSAL_QUOTE_UNSURE: ReasonText("the need was changed after this quote; its maker must confirm it first", "报价后需求有改动；请先由报价方确认"),
    Reason.REFUSAL_DISPUTED: ReasonText("the outcome is disputed; settle it first", "成果存在分歧，请先处理"),
    Reason.REFUSAL_BOOKED_MEASURE: ReasonText("part of it is agreed already, so unit and period stay", "部分产能已签约，计量单位和周期不能再改"),
    Reason.REFUSAL_TERMS_CHANGED: ReasonText("the terms are no longer those that you saw; read them again", "条款与您看到的已不一致；请重新查看"),
    Reason.REFUSAL_UNIT_OTHER: ReasonText("choose a unit that measures the same as {unit}", "请选择与{unit}同类的计量单位"),
    Reason.REFUSAL_WRONG_SECRET: ReasonText("neither your password nor a valid code; try again", "密码或验证码不正确，请重试"),
    Reason.REFUSAL_DAY_NOT_AHEAD: ReasonText("choose a day after today", "请选今天之后的日期"),
    Reason.REFUSAL_DAY_TOO_FAR: ReasonText("choose {day} or an earlier day", "请选 {day} 或之前的日期"),
    Reason.REFUSAL_NOT_VERIFIED: ReasonText("ask for the verification of your enterprise first", "请先申请企业核验"),
    Reason.REFUSAL_IN_REQUEST: ReasonText("this need stands in another open request for quotation", "该需求已在另一询价单中"),
    Reason.REFUSAL_FILE_KIND: ReasonText("this kind of file is not taken; use {kinds}", "不接受此类文件；请用 {kinds}"),
    Reason.REFUSAL_FILE_LARGE: ReasonText("the file is too large: at most {limit} MB", "文件过大：最多 {limit} MB"),
    Reason.REFUSAL_FILE_UNREADABLE: ReasonText("the file cannot be read: damaged, locked with a password, or too large to be drawn", "文件无法读取：已损坏、有密码保护或尺寸过大"),
    Reason.REFUSAL_NDA_MISSING: ReasonText("this opens once an owner of each firm has accepted the confidentiality agreement", "双方企业所有者均接受保密协议后才能打开"),
    Reason.REFUSAL_PAGES_ONLY: ReasonText("this file is shown as pages and not handed out", "此文件仅供在线逐页查看，不提供下载"),
    Reason.REFUSAL_NOT_SHARED: ReasonText("this need takes one supplier; allow several in it first", "该需求只接受一家供应商；请先在需求中允许多家联合供应"),
    Reason.REFUSAL_SET_SIZE: ReasonText("a set has {fewest} to {most} suppliers, each a firm of its own", "组合须由 {fewest} 至 {most} 家不同企业组成"),
    Reason.REFUSAL_SHARES_SUM: ReasonText("the shares add up to {sum}, not to {total}", "各份额合计 {sum}，应为 {total}"),
    Reason.REFUSAL_SHARE_SMALL: ReasonText("this share is below the least one; write at least {least}", "该份额低于最低份额；至少 {least}"),
    Reason.REFUSAL_SHARE_LARGE: ReasonText("this capacity can be counted on for {most} at most", "该产能最多可计入 {most}"),
    Reason.REFUSAL_SHARE_UNFIT: ReasonText("this supplier cannot be part of this set; choose another", "该供应商不能加入此组合；请另选一家"),
    Reason.REFUSAL_CONTACT_HERE: ReasonText("write no phone number, mail address or web address here", "此处请勿填写电话、邮箱或网址"),
    Reason.REFUSAL_OUTSIDE_SCOPE: ReasonText("name at least one region and one chain that you look after, or none", "请至少选择一个由您负责的地区和产业链，或都不选"),
    Reason.REFUSAL_WISHES_OPEN: ReasonText("firms may tell their wishes until {day}; do this after that day", "企业可在 {day} 之前（含当日）填写意愿；请在次日起再操作"),
    Reason.REFUSAL_WISHES_CLOSED: ReasonText("answers and wishes were taken until {day}", "答复与意愿的截止日为 {day}，现已截止"),
    Reason.REFUSAL_FEW_FIRMS: ReasonText("at least {least} firms have to take part", "至少须有 {least} 家企业参加"),
    Reason.REFUSAL_PLAN_OLD: ReasonText("firms or hall have changed since this plan was made; compute it anew", "排程之后参会企业或场次桌数有变动；请重新排程"),
    Reason.REFUSAL_NO_GAP: ReasonText("your own lines carry all of it; nothing is left to give out", "自有产能已可满足订单，没有需要外发的数量"),
}

DROPPING = tuple(Reason(f"gap.{name}") for name in ("node.mismatch", "region.excluded", "quantity.short", "capacity.booked", "window.miss", "certificate.missing", "certificate.expired", "price.above", "parameter.unmet", "minimum_order.high", "unit.incompatible", "stale"))
# fmt: on
"""The twelve gaps that refuse a match; every other gap only ranks."""


def reasons_of(prefix: str) -> list[Reason]:
    """The codes that begin with ``prefix``, in register order: ``end.need`` gives what a need can be closed for."""
    return [reason for reason in Reason if reason.value.startswith(f"{prefix}.")]


def text_of(reason: Reason, language: str, facts: dict[str, object] | None = None) -> str:
    """The text of ``reason`` in ``language`` (en…, else Chinese), ``facts`` filled in; a missing one leaves a dash."""
    return (TEXTS[reason].en if language.startswith("en") else TEXTS[reason].zh).format_map(Facts(facts or {}))


class Facts(dict[str, object]):
    """Facts for a text's placeholders; one that is missing prints as a dash instead of failing a page."""

    def __missing__(self, key: str) -> str:
        return "\N{EM DASH}"
