"""Every XML namespace, once."""

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
IEEE_LOM = "http://ltsc.ieee.org/xsd/LOM"
IMS_MD = "http://www.imsglobal.org/xsd/imsmd_v1p2"
DATACITE = "http://datacite.org/schema/kernel-4"
DIDL = "urn:mpeg:mpeg21:2002:02-DIDL-NS"
HS_OER_LOM = "https://www.oerbw.de/hsoerlom"
LRMI = "http://dublincore.org/dcx/lrmi-terms/1.1/"
MARC21 = "http://www.loc.gov/MARC21/slim"
MODS = "http://www.loc.gov/mods/v3"
QDC = "http://dspace.org/qualifieddc/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XLINK = "http://www.w3.org/1999/xlink"
XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# The LOM schemas went through many addresses and mean the same elements at all of them:
# http://ltsc.ieee.org/xsd/LOMv1p0, …/imsmd_rootv1p2p1, …/imsmd_v1p2p4, lom_v1p3, …
IEEE_FAMILIES = ("http://ltsc.ieee.org/xsd/", "http://www.ieee.org/xsd/LOM")
IMS_FAMILIES = (
    "http://www.imsglobal.org/xsd/imsmd_",
    "http://www.imsproject.org/xsd/imsmd_",
    "http://www.imsglobal.org/xsd/imslom_",
)
LOM_FAMILIES = IEEE_FAMILIES + IMS_FAMILIES

DATACITE_FAMILIES = (
    "http://datacite.org/schema/kernel-",
    "https://schema.datacite.org/meta/kernel-",
    "http://schema.datacite.org/oai/oai-",
    "http://namespace.openaire.eu/schema/oaire/",
)

# Every software has a namespace of its own for qualified Dublin Core.
QDC_FAMILIES = (
    "http://dspace.org/qualifieddc",
    "http://purl.org/dc/",
    "http://worldcat.org/xmlschemas/qdc",
    "http://epubs.cclrc.ac.uk/xmlns/qdc/",
    "http://www.bl.uk/namespaces/oai_dcq/",
    "http://www.openarchives.org/OAI/2.0/oai_dcterms",
    "http://ns.nsdl.org/nsdl_dc_v",
)
