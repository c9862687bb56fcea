"""The terms of SHACL, so that a misspelt one is found: to an engine it is no constraint at all."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

__all__ = ["FEATURES", "TERMS", "nearest"]

_TERMS = """
AbstractResult AndConstraintComponent BlankNode BlankNodeOrIRI BlankNodeOrLiteral
ClassConstraintComponent ClosedConstraintComponent ConstraintComponent
DatatypeConstraintComponent DisjointConstraintComponent EqualsConstraintComponent
HasValueConstraintComponent IRI IRIOrLiteral InConstraintComponent Info
LanguageInConstraintComponent LessThanConstraintComponent
LessThanOrEqualsConstraintComponent Literal MaxCountConstraintComponent
MaxExclusiveConstraintComponent MaxInclusiveConstraintComponent
MaxLengthConstraintComponent MinCountConstraintComponent MinExclusiveConstraintComponent
MinInclusiveConstraintComponent MinLengthConstraintComponent NodeConstraintComponent
NodeKind NodeKindConstraintComponent NodeShape NotConstraintComponent
OrConstraintComponent Parameter Parameterizable PatternConstraintComponent
PrefixDeclaration PropertyConstraintComponent PropertyGroup PropertyShape
QualifiedMaxCountConstraintComponent QualifiedMinCountConstraintComponent
ResultAnnotation SPARQLAskExecutable SPARQLAskValidator SPARQLConstraint
SPARQLConstraintComponent SPARQLExecutable SPARQLSelectExecutable SPARQLSelectValidator
Severity Shape UniqueLangConstraintComponent ValidationReport ValidationResult Validator
Violation Warning XoneConstraintComponent
alternativePath and annotationProperty annotationValue annotationVarName ask class
closed conforms datatype deactivated declare defaultValue description detail disjoint
entailment equals flags focusNode group hasValue ignoredProperties in inversePath
labelTemplate languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive
maxLength message minCount minExclusive minInclusive minLength name namespace node
nodeKind nodeValidator not oneOrMorePath optional or order parameter path pattern prefix
prefixes property propertyValidator qualifiedMaxCount qualifiedMinCount
qualifiedValueShape qualifiedValueShapesDisjoint result resultAnnotation resultMessage
resultPath resultSeverity select severity shapesGraph shapesGraphWellFormed
sourceConstraint sourceConstraintComponent sourceShape sparql suggestedShapesGraph
targetClass targetNode targetObjectsOf targetSubjectsOf uniqueLang validator value xone
zeroOrMorePath zeroOrOnePath
"""

TERMS = frozenset(_TERMS.split())
"""SHACL Core and SHACL-SPARQL (W3C Recommendation of 20 July 2017), without its namespace.

The terms of SHACL Advanced Features and SHACL-JS are left out: they are not run.
"""

_ADVANCED = """
ExpressionConstraintComponent Function NodeExpression Rule Rules SPARQLConstructExecutable
SPARQLFunction SPARQLRule SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable
SPARQLValuesDeriver Target TargetType TripleRule avg concat condition construct count desc
distinct else exists expression filterShape groupConcat if intersection join limit max min
minus nodes object offset orderBy predicate returnType rule sort subject sum target then this
union update values
"""
_JAVASCRIPT = """
JSConstraint JSConstraintComponent JSExecutable JSFunction JSLibrary JSRule JSTarget
JSTargetType JSValidator js jsFunctionName jsLibrary jsLibraryURL
"""
_NEXT = """
Debug MaxListLengthConstraintComponent MemberShapeConstraintComponent
MinListLengthConstraintComponent ReifierShapeConstraintComponent RootClassConstraintComponent
ShapeClass SingleLineConstraintComponent SomeValueConstraintComponent
SubsetOfConstraintComponent Trace UniqueMembersConstraintComponent agentInstruction
codeIdentifier conformanceDisallows intent maxListLength memberShape minListLength
nodeByExpression reificationRequired reifierShape rootClass shape singleLine someValue
subsetOf targetWhere uniqueMembers
"""

FEATURES: Mapping[str, str] = {
    **dict.fromkeys(_ADVANCED.split(), "SHACL Advanced Features"),
    **dict.fromkeys(_JAVASCRIPT.split(), "SHACL-JS"),
    **dict.fromkeys(_NEXT.split(), "SHACL 1.2"),
}
"""Terms of what is not run, and the specification that each belongs to."""


def nearest(name: str) -> str | None:
    """The term that is most like `name`, if one is."""
    return next(iter(get_close_matches(name, sorted(TERMS), n=1)), None)
