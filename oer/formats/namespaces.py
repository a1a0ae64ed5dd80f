"""Every XML namespace, once."""

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
DCTERMS = "http://purl.org/dc/terms/"
IEEE_LOM = "http://ltsc.ieee.org/xsd/LOM"
IMS_MD = "http://www.imsglobal.org/xsd/imsmd_v1p2"
LRMI = "http://dublincore.org/dcx/lrmi-terms/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# The LOM schemas went through many addresses and mean the same elements at all of them:
# http://ltsc.ieee.org/xsd/LOMv1p0, …/imsmd_rootv1p2p1, …/imsmd_v1p2p4, lom_v1p3, …
LOM_FAMILIES = (
    "http://ltsc.ieee.org/xsd/",
    "http://www.imsglobal.org/xsd/imsmd_",
    "http://www.imsproject.org/xsd/imsmd_",
    "http://www.imsglobal.org/xsd/imslom_",
)
