"""Words that the practice organisation puts into its data, in English and French.

The error texts are wordings of our own: the real report's texts are not known. Codes in capitals are real ones."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]


def _text(en: str, fr: str) -> Text:
    return {"en": en, "fr": fr}


ERRORS: Mapping[str, tuple[Text, ...]] = {
    "connection": (
        _text(
            "The user {email} isn't in any active configuration.",
            "L'utilisateur {email} n'est dans aucune configuration active.",
        ),
        _text(
            "We couldn't connect to the mailbox {email}.",
            "Connexion impossible à la boîte de messagerie {email}.",
        ),
    ),
    "user_mapping": (
        _text(
            "The mapping of {email} could not be completed.",
            "La mise en correspondance de {email} n'a pas pu aboutir.",
        ),
        _text(
            "Sync stopped for {email}: an unexpected answer.\nTry again later.",
            "La synchronisation de {email} s'est arrêtée : réponse inattendue.\nRéessayez plus tard.",
        ),
        _text("<script>alert('sync')</script> in a subject.", "<script>alert('sync')</script> dans un objet."),
    ),
    "rejected": (
        _text(
            "FIELD_CUSTOM_VALIDATION_EXCEPTION: an event needs a related account.",
            "FIELD_CUSTOM_VALIDATION_EXCEPTION: un événement doit être lié à un compte.",
        ),
        _text(
            "REQUIRED_FIELD_MISSING: Required fields are missing: [Region__c]",
            "REQUIRED_FIELD_MISSING: Champs obligatoires manquants : [Region__c]",
        ),
        _text(
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: EventTrigger: execution of BeforeInsert",
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY: EventTrigger: execution of BeforeInsert",
        ),
    ),
    "other": (
        _text("UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record.",
              "UNABLE_TO_LOCK_ROW: impossible d'obtenir l'accès exclusif à cet enregistrement."),
        _text("An event with more than 50 attendees wasn't synced.",
              "Un événement de plus de 50 participants n'a pas été synchronisé."),
    ),
}  # fmt: skip

TYPE_LABELS: Mapping[str, Text] = {
    "Connection": _text("Connection", "Connexion"),
    "UserMapping": _text("UserMapping", "UserMapping"),
    "Sync": _text("Sync", "Synchronisation"),
}

DIRECTION_LABELS: Mapping[str, Text] = {
    "salesforce_to_google": _text("Salesforce to Google", "De Salesforce vers Google"),
    "google_to_salesforce": _text("Google to Salesforce", "De Google vers Salesforce"),
}

AUDIT: tuple[tuple[str, Text, Text], ...] = (
    (
        "lightningSyncConfigChanged",
        _text("Lightning Sync", "Lightning Sync"),
        _text("Changed Lightning Sync configuration", "Configuration Lightning Sync modifiée"),
    ),
    (
        "frozeuser",
        _text("Manage Users", "Gérer les utilisateurs"),
        _text("Froze user {username}", "Utilisateur {username} gelé"),
    ),
    (
        "PermSetAssign",
        _text("Manage Users", "Gérer les utilisateurs"),
        _text("Permission set Event editing: assigned to {name}", "Ensemble d'autorisations attribué à {name}"),
    ),
    (
        "changedUserEmail",
        _text("Manage Users", "Gérer les utilisateurs"),
        _text("Changed the address of {name}", "Adresse de {name} modifiée"),
    ),
    (
        "remoteSiteSettings",
        _text("Remote Access", "Accès distant"),
        _text("Changed remote site Google", "Site distant Google modifié"),
    ),
)
