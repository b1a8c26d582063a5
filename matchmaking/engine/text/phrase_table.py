"""Words of both languages that tell what is done with a thing and which variant of it is meant, forms parted by |."""

from collections.abc import Mapping

MAKING = (
    "\u751f\u4ea7|\u5236\u9020|\u52a0\u5de5|\u4ee3\u5de5|\u8d34\u724c|manufacturing|manufacture|manufacturer|"
    "production|producing|making|oem"
)
"""Say outright that things are made."""
NEGATIONS = (
    "\u4e0d\u542b|\u4e0d\u5e26|\u4e0d\u505a|\u4e0d\u7528|\u4e0d\u9700|\u4e0d\u9700\u8981|\u4e0d\u63a5|"
    "\u65e0\u9700|\u65e0\u987b|\u6ca1\u6709|\u65e0|\u975e|\u514d|without|no|not|non|excluding"
)
"""Deny what follows them."""
ROLES: Mapping[str, str] = {
    "training": (
        "\u57f9\u8bad|\u8003\u8bc1|\u8ba2\u5355\u73ed|\u51a0\u540d\u73ed|\u5b9a\u5411\u73ed|\u5b66\u5f92|"
        "\u6821\u4f01\u5408\u4f5c|\u4ea7\u6559\u878d\u5408|\u5b9e\u8bad|\u804c\u4e1a\u9662\u6821|\u9ad8\u804c|"
        "\u4e2d\u804c|\u804c\u6821|\u6280\u6821|training|apprentice|apprenticeship|vocational|course|cohort"
    ),
    "repair": (
        "\u7ef4\u4fee|\u4fee\u7406|\u68c0\u4fee|\u4fdd\u517b|\u5927\u4fee|\u7ffb\u65b0|\u518d\u5236\u9020|"
        "\u4fee\u590d|\u8fd4\u4fee|repair|repairing|refurbishing|refurbishment|overhaul|overhauling|"
        "remanufacturing|servicing|maintenance"
    ),
    "renting": "\u79df\u8d41|\u51fa\u79df|\u79df\u7528|rental|leasing|lease|for hire|for rent|to let",
    "labour": (
        "\u62db\u8058|\u62db\u5de5|\u52b3\u52a1|\u6d3e\u9063|\u5916\u6d3e|\u7528\u5de5|\u5de5\u7a0b\u5e08|"
        "\u710a\u5de5|\u666e\u5de5|\u73ed\u7ec4|\u6280\u5de5|\u64cd\u4f5c\u5de5|\u7f1d\u7eab\u5de5|"
        "\u8f66\u5de5|\u94c6\u5de5|\u7535\u5de5|\u94b3\u5de5|\u88c5\u914d\u5de5|\u5e08\u5085|\u4fdd\u5b89|"
        "recruitment|hiring|engineers|welder|operators|staff|technician|developers|fitters|secondment|team of|"
        "labour dispatch"
    ),
    "trading": (
        "\u9500\u552e|\u7ecf\u9500|\u4e70\u5356|\u6279\u53d1|\u96f6\u552e|\u4e8c\u624b|\u4ee3\u8d2d|"
        "\u4ee3\u7406\u5546|\u9500\u552e\u4ee3\u7406|\u8d38\u6613|\u73b0\u8d27\u5e93\u5b58|\u54c1\u724c\u5546|"
        "distributor|trader|trading|wholesale|second-hand|retail|reseller"
    ),
    "logistics": (
        "\u8fd0\u8f93|\u7269\u6d41|\u914d\u9001|\u4ed3\u50a8|\u62a5\u5173|\u8d27\u8fd0|\u4ee3\u53d1|transport|"
        "logistics|haulage|freight|warehousing"
    ),
    "installation": (
        "\u5b89\u88c5|\u65bd\u5de5|\u603b\u627f\u5305|\u5de5\u7a0b\u627f\u5305|installation|contracting|commissioning"
    ),
    "design": (
        "\u8bbe\u8ba1|\u7814\u53d1|\u54a8\u8be2|\u7814\u7a76\u62a5\u544a|\u8f6f\u4ef6\u5f00\u53d1|"
        "\u5b9a\u5236\u5f00\u53d1|\u5f00\u53d1\u5916\u5305|\u56fa\u4ef6\u5f00\u53d1|\u70e7\u5f55|"
        "design service|design services|consulting|consultancy|firmware development|software development|"
        "research report"
    ),
    "testing": (
        "\u68c0\u6d4b\u670d\u52a1|\u7b2c\u4e09\u65b9\u68c0\u6d4b|\u8bd5\u9a8c|\u6821\u51c6|"
        "\u8ba4\u8bc1\u670d\u52a1|\u68c0\u6d4b\u8ba4\u8bc1|\u7cbe\u5ea6\u68c0\u6d4b|testing services|"
        "test service|inspection services|calibration|laboratory testing|type test"
    ),
    "tooling": (
        "\u6a21\u5177|\u538b\u94f8\u6a21|\u6ce8\u5851\u6a21|\u51b2\u538b\u6a21|\u5439\u5851\u6a21|"
        "\u6a61\u80f6\u6a21|\u5939\u5177|\u68c0\u5177|\u6cbb\u5177|\u5200\u5177|\u8bbe\u5907|"
        "\u88c5\u914d\u7ebf|\u751f\u4ea7\u7ebf|\u6d41\u6c34\u7ebf|\u68c0\u6d4b\u53f0|\u538b\u63a5\u673a|"
        "\u5305\u88c5\u673a|\u63d2\u88c5\u673a|\u7f1d\u7eab\u673a|\u66dd\u5149\u673a|\u94bb\u5b54\u673a|"
        "\u8d34\u7247\u673a|\u6ce8\u5851\u673a|\u538b\u94f8\u673a|\u710a\u673a|\u6570\u63a7\u673a\u5e8a|"
        "\u673a\u5e8a|\u52a0\u5de5\u4e2d\u5fc3|\u5145\u7ed2\u673a|\u88c1\u65ad\u673a|mould|mold|dies|tooling|"
        "fixture|jig|machines|machining centre|machining center|equipment|assembly line|test line|"
        "production line"
    ),
}
"""Of each role but making, the words that tell it."""
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "rolling": (
        "\u51b7\u8f67|cold-rolled",
        "\u70ed\u8f67|hot-rolled",
    ),
    "cathode": (
        "\u4e09\u5143|ncm|nmc|ternary",
        "\u78f7\u9178\u94c1\u9502|\u94c1\u9502|lfp|lithium iron phosphate",
        "\u94b4\u9178\u9502|lco",
        "\u9530\u9178\u9502|lmo",
        "\u94a0\u79bb\u5b50|\u94a0\u7535|sodium-ion",
        "\u94c5\u9178|lead-acid",
    ),
    "cell": (
        "\u65b9\u5f62|\u65b9\u58f3|prismatic",
        "\u8f6f\u5305|pouch cell",
        "\u5706\u67f1\u7535\u82af|\u5706\u67f1\u7535\u6c60|cylindrical cell",
    ),
    "gender": (
        "\u516c\u5934|\u516c\u5ea7|\u516c\u7aef|\u63d2\u5934|male|plug",
        "\u6bcd\u5934|\u6bcd\u5ea7|\u6bcd\u7aef|\u63d2\u5ea7|female|receptacle|socket",
    ),
    "gear": (
        "\u76f4\u9f7f|spur gear",
        "\u659c\u9f7f|helical",
        "\u9525\u9f7f|\u4f1e\u9f7f|bevel",
        "\u8717\u8f6e|worm gear",
    ),
    "sides": (
        "\u5355\u9762|single-sided",
        "\u53cc\u9762|double-sided|two-sided",
        "\u591a\u5c42\u677f|multilayer|multi-layer",
    ),
    "stiff": (
        "\u786c\u677f|rigid",
        "\u67d4\u6027|\u8f6f\u677f|\u6320\u6027|flexible",
        "\u521a\u6320|\u8f6f\u786c\u7ed3\u5408|rigid-flex",
    ),
    "constant": (
        "\u6052\u6d41|constant-current",
        "\u6052\u538b|constant-voltage",
    ),
    "level": (
        "\u9ad8\u538b|high-voltage|high-pressure",
        "\u4f4e\u538b|low-voltage|low-pressure",
        "\u4e2d\u538b|medium-voltage",
    ),
    "casting": (
        "\u538b\u94f8|die-cast|die casting|die-casting",
        "\u7802\u578b|\u7802\u94f8|sand-cast|sand casting",
        "\u91cd\u529b\u94f8\u9020|gravity casting|gravity-cast",
        "\u7194\u6a21|\u7cbe\u5bc6\u94f8\u9020|investment-cast|investment casting",
        "\u953b\u9020|\u953b\u4ef6|forged|forging",
    ),
    "plated": (
        "\u9540\u91d1|gold-plated|gold plating",
        "\u9540\u94f6|silver-plated|silver plating",
        "\u9540\u9521|tin-plated|tin plating",
        "\u9540\u954d|nickel-plated|nickel plating",
        "\u9540\u94ec|chrome-plated|chrome plating",
        "\u9540\u950c|zinc-plated|zinc plating|galvanised|galvanized",
        "\u9540\u94dc|copper-plated|copper plating",
    ),
    "plating": (
        "\u6302\u9540|rack plating",
        "\u6eda\u9540|barrel plating",
        "\u8fde\u7eed\u9540|\u5377\u5bf9\u5377|reel-to-reel",
    ),
    "cloth": (
        "\u9488\u7ec7|knitted|knit|knitwear",
        "\u68ad\u7ec7|\u673a\u7ec7|woven",
        "\u65e0\u7eba|non-woven|nonwoven",
    ),
    "machine": (
        "\u6c38\u78c1|permanent-magnet|pmsm",
        "\u5f02\u6b65|\u611f\u5e94\u7535\u673a|induction motor|asynchronous",
        "\u5f00\u5173\u78c1\u963b|switched reluctance",
    ),
    "supply": (
        "\u4ea4\u6d41|ac",
        "\u76f4\u6d41|dc",
    ),
    "winding": (
        "\u6241\u7ebf|hairpin|flat-wire",
        "\u5706\u7ebf|round-wire",
    ),
    "cooling": (
        "\u6cb9\u51b7|oil-cooled",
        "\u6c34\u51b7|\u6db2\u51b7|water-cooled|liquid-cooled",
        "\u98ce\u51b7|air-cooled",
    ),
    "standing": (
        "\u7acb\u5f0f|vertical",
        "\u5367\u5f0f|horizontal",
        "\u9f99\u95e8|gantry",
    ),
    "drive": (
        "\u6db2\u538b|\u6cb9\u7f38|hydraulic",
        "\u6c14\u52a8|\u6c14\u7f38|pneumatic",
    ),
    "broth": (
        "\u725b\u6cb9|beef-tallow|tallow",
        "\u6e05\u6cb9|vegetable-oil",
        "\u83cc\u6c64|mushroom",
        "\u756a\u8304|tomato",
    ),
    "alloy": (
        "\u94dd\u5408\u91d1|\u94dd\u5236|aluminium|aluminum",
        "\u9541\u5408\u91d1|magnesium",
        "\u950c\u5408\u91d1|zinc alloy",
        "\u949b\u5408\u91d1|titanium",
        "\u94dc\u5408\u91d1|\u9ec4\u94dc|brass|copper alloy",
    ),
    "iron": (
        "\u7070\u94f8\u94c1|\u7070\u94c1|grey-iron|gray-iron|grey cast iron",
        "\u7403\u58a8\u94f8\u94c1|\u7403\u94c1|ductile iron|nodular iron",
    ),
    "steel": (
        "\u4e0d\u9508\u94a2|stainless",
        "\u78b3\u94a2|carbon steel",
        "\u5408\u91d1\u94a2|alloy steel",
    ),
    "pane": (
        "\u5939\u5c42|laminated",
        "\u94a2\u5316|tempered|toughened",
    ),
    "coat": (
        "\u55b7\u7c89|\u7c89\u672b\u55b7\u6d82|\u9759\u7535\u55b7\u6d82|powder coating|powder-coated",
        "\u7535\u6cf3|e-coat|e-coating|electrophoretic",
        "\u55b7\u6f06|wet paint|spray painting",
        "\u9633\u6781\u6c27\u5316|anodised|anodized|anodising|anodizing",
    ),
    "splitting": (
        "\u78b1\u6027|alkaline",
        "\u8d28\u5b50\u4ea4\u6362\u819c|pem",
        "\u56fa\u4f53\u6c27\u5316\u7269|soec|sofc",
        "\u9634\u79bb\u5b50\u4ea4\u6362\u819c|aem",
    ),
    "vessel": (
        "\u56db\u578b|iv\u578b|type iv|type 4",
        "\u4e09\u578b|iii\u578b|type iii|type 3",
    ),
    "welding": (
        "\u6c29\u5f27\u710a|tig",
        "\u4e8c\u4fdd\u710a|\u6c14\u4fdd\u710a|\u6c14\u4f53\u4fdd\u62a4\u710a|mig|mig/mag",
        "\u6fc0\u5149\u710a|laser welding|laser-welded",
        "\u70b9\u710a|spot welding|spot-welded",
        "\u6469\u64e6\u710a|friction welding",
    ),
    "spindle": (
        "\u7535\u4e3b\u8f74|\u5185\u85cf\u5f0f|motorised|motorized",
        "\u76ae\u5e26\u5f0f|belt-driven",
        "\u76f4\u8054|direct-drive",
    ),
    "vehicle": (
        "\u4e58\u7528\u8f66|\u8f7f\u8f66|passenger car",
        "\u5546\u7528\u8f66|\u5361\u8f66|\u91cd\u5361|commercial vehicle|truck",
        "\u5ba2\u8f66|bus|buses",
        "\u6469\u6258\u8f66|\u7535\u6469|motorcycle",
        "\u81ea\u884c\u8f66|bicycle",
        "\u5de5\u7a0b\u673a\u68b0|\u6316\u6398\u673a|excavator|construction machinery",
    ),
    "mould": (
        "\u53cc\u8272|two-shot|double-shot",
        "\u5355\u8272|single-shot",
    ),
    "forming": (
        "\u6ce8\u5851|injection-moulded|injection-molded|injection moulding|injection molding",
        "\u5439\u5851|blow-moulded|blow moulding|blow molding",
        "\u5438\u5851|thermoformed|thermoforming",
        "\u6324\u51fa|extruded|extrusion",
    ),
    "phase": (
        "\u5355\u76f8|single-phase",
        "\u4e09\u76f8|three-phase",
    ),
    "lot": (
        "\u5c0f\u6279\u91cf|\u6253\u6837|prototype|small-batch|small batch",
        "\u5927\u6279\u91cf|mass production|high-volume",
    ),
    "condition": (
        "\u4e8c\u624b|second-hand|used",
        "\u5168\u65b0|brand-new",
    ),
    "span": (
        "\u77ed\u671f|short-term|short-course",
        "\u957f\u671f|long-term|\u5b66\u5f92\u5236|apprenticeship",
    ),
    "barrier": (
        "\u975e\u9694\u79bb|non-isolated",
        "\u9694\u79bb\u578b|isolated",
    ),
    "keeping": (
        "\u901f\u51bb|\u51b7\u51bb|frozen",
        "\u51b7\u85cf|\u51b7\u9c9c|chilled",
        "\u5e38\u6e29|ambient",
    ),
    "heat": (
        "\u84b8\u716e|\u9ad8\u6e29\u706d\u83cc|\u9ad8\u6e29\u6740\u83cc|retort",
        "\u6c34\u716e|boilable",
    ),
}  # fmt: skip
"""Axes along which things of one name differ: of each variant, the words that name it."""
