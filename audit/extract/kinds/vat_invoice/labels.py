"""What is printed on a VAT invoice beside its values, as data."""

from __future__ import annotations

from audit.extract.labels import Label, Side

_DIGITS = r"\d{6,20}"

CODE = Label("invoice_code", ("发票代码",), r"\d{10,12}")
NUMBER = Label(
    "invoice_number",
    ("数电发票号码", "数电票号码", "全电发票号码", "电子发票号码", "发票号码"),
    _DIGITS,
)
DATE = Label("issue_date", ("开票日期", "填开日期", "开具日期"))
CHECK = Label("check_code", ("校验码",), r"[0-9a-zA-Z]{5,20}")
MACHINE = Label("machine_number", ("机器编号", "机打号码"), r"\d{8,12}")

BUYER_NAME = Label(
    "buyer_name",
    (
        "购买方名称",
        "购货单位名称",
        "购方名称",
        "购买方:名称",
        "购买方信息名称",
        "买方名称",
        "受票方名称",
    ),
)
SELLER_NAME = Label(
    "seller_name",
    ("销售方名称", "销货单位名称", "销方名称", "销售方:名称", "销售方信息名称", "卖方名称"),
)
NAME = Label("name", ("名称:", "称:", "名称"))
BUYER_ID = Label(
    "buyer_taxpayer_id",
    (
        "购买方纳税人识别号",
        "购买方统一社会信用代码/纳税人识别号",
        "购方税号",
        "购买方税号",
        "购买方名称及身份证号码/组织机构代码",
    ),
)
SELLER_ID = Label(
    "seller_taxpayer_id",
    (
        "销售方纳税人识别号",
        "销售方统一社会信用代码/纳税人识别号",
        "销方税号",
        "销售方税号",
        "销货单位识别号",
    ),
)
TAX_ID = Label(
    "taxpayer_id",
    (
        "统一社会信用代码/纳税人识别号",
        "统一社会信用代码纳税人识别号",
        "纳税人识别号/统一社会信用代码",
        "纳税人识别码",
        "纳税人识别号",
        "纳税人登记号",
        "统一社会信用代码",
        "税人识别号",
    ),
)

TOTAL_WORDS = Label(
    "total_in_words",
    (
        "价税合计(大写)",
        "价税合计大写",
        "合计金额(大写)",
        "合计人民币(大写)",
        "车价合计(大写)",
        "合计(大写)",
        "(大写)",
    ),
)
TOTAL_SMALL = Label(
    "total_with_tax",
    ("合计金额(小写)", "合计(小写)", "(小写)", "小写金额", "小写:", "票价:", "票价"),
)
TOTAL_LINE = Label("price_and_tax", ("价税合计",))
SUM_LINE = Label("sum", ("合计",))
SUBTOTAL = Label("subtotal", ("小计",))
NET = Label("amount_without_tax", ("不含税价(小写)", "不含税价", "不含税金额"))
TAX = Label("tax_amount", ("增值税税额", "增值税额"))

#: Heads of the item table's columns; ``other`` columns belong to special trades.
COLUMNS = (
    Label(
        "col_name",
        (
            "货物或应税劳务、服务名称",
            "货物或应税劳务服务名称",
            "货物或应税劳务名称",
            "货物或服务名称",
            "项目名称",
            "商品名称",
        ),
    ),
    Label("col_specification", ("规格型号", "规格、型号", "型号规格")),
    Label("col_unit", ("计量单位", "单位")),
    Label("col_quantity", ("数量",)),
    Label("col_unit_price", ("单价",)),
    Label("col_amount", ("金额",)),
    Label("col_tax_rate", ("税率/征收率", "税率(征收率)", "征收率", "税率")),
    Label("col_tax", ("税额",)),
    Label(
        "col_other",
        (
            "建筑服务发生地",
            "建筑项目名称",
            "车牌号",
            "类型",
            "通行日期起",
            "通行日期止",
            "产权证书/不动产权证号",
            "面积单位",
            "产权证书",
        ),
    ),
)
#: Labels that only end other values.
STOPS = (
    Label("address", ("地址、电话", "地址电话", "地址", "电话")),
    Label(
        "bank",
        ("开户行及账号", "开户银行及账号", "开户行及帐号", "开户银行", "电子支付标识", "账号"),
    ),
    Label("payee", ("收款人",)),
    Label("reviewer", ("复核人", "复核")),
    Label("drawer", ("开票人",)),
    Label(
        "seal_place", ("销售方:(章)", "销售方(章)", "销货单位:(章)", "销货单位(章)", "开票单位(章)")
    ),
    Label("order", ("订单号",)),
    Label("trip", ("出行人", "有效身份证件号", "出行日期", "出发地", "到达地", "交通工具类型")),
    Label("cipher", ("密码区",)),
)
REMARKS = Label("remarks", ("备注",), side=Side.RIGHT)
#: Block heads, printed downwards beside a block (or level on tickets).
BUYER_BLOCK = Label("buyer", ("购买方信息", "购买方", "购货单位", "购货方"))
SELLER_BLOCK = Label("seller", ("销售方信息", "销售方", "销货单位", "销货方"))
CIPHER_BLOCK = Label("cipher", ("密码区",))
REMARKS_BLOCK = Label("remarks", ("备注",))

#: Everything searched level on the face, in one go.
FACE_LABELS = (
    CODE,
    NUMBER,
    DATE,
    CHECK,
    MACHINE,
    BUYER_NAME,
    SELLER_NAME,
    NAME,
    BUYER_ID,
    SELLER_ID,
    TAX_ID,
    TOTAL_WORDS,
    TOTAL_SMALL,
    TOTAL_LINE,
    SUM_LINE,
    SUBTOTAL,
    NET,
    TAX,
    *COLUMNS,
    *STOPS,
    REMARKS,
)
#: Which copy of a paper invoice it is, printed downwards along its right edge.
COPIES = (Label("copy", ("记账联", "抵扣联", "发票联")),)
BLOCK_LABELS = (BUYER_BLOCK, SELLER_BLOCK, CIPHER_BLOCK, REMARKS_BLOCK)
