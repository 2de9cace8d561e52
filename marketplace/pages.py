"""Every blueprint, in the order in which they are attached."""

from marketplace.faces.acting import views as acting
from marketplace.faces.api import fairs as api_fairs
from marketplace.faces.api import points as api_points
from marketplace.faces.api import totals as api_totals
from marketplace.faces.api import views as api
from marketplace.faces.council_table import views as council_table
from marketplace.faces.distributor_desk import campaign_pages as distributor_campaigns
from marketplace.faces.distributor_desk import catalogue_pages as distributor_catalogue
from marketplace.faces.distributor_desk import deal_pages as distributor_deals
from marketplace.faces.distributor_desk import demand_pages as distributor_demands
from marketplace.faces.distributor_desk import match_pages as distributor_matches
from marketplace.faces.distributor_desk import meeting_pages as distributor_meetings
from marketplace.faces.distributor_desk import views as distributor_desk
from marketplace.faces.members import views as members
from marketplace.faces.office_desk import accounts_page as office_accounts
from marketplace.faces.office_desk import audit_pages as office_audit
from marketplace.faces.office_desk import booth_pages as office_booths
from marketplace.faces.office_desk import campaign_day as office_campaign_day
from marketplace.faces.office_desk import campaign_pages as office_campaigns
from marketplace.faces.office_desk import carrier_pages as office_money
from marketplace.faces.office_desk import catalogue_pages as office_catalogue
from marketplace.faces.office_desk import collection_pages as office_collections
from marketplace.faces.office_desk import commission_page as office_commission
from marketplace.faces.office_desk import councils as office_councils
from marketplace.faces.office_desk import deal_pages as office_deals
from marketplace.faces.office_desk import decisions as office_decisions
from marketplace.faces.office_desk import demand_oversight as office_demands
from marketplace.faces.office_desk import distributor_pages as office_distributors
from marketplace.faces.office_desk import dossier_pages as office_dossiers
from marketplace.faces.office_desk import exhibitor_page as office_exhibitor
from marketplace.faces.office_desk import exhibitor_pages as office_exhibitors
from marketplace.faces.office_desk import export_pages as office_export
from marketplace.faces.office_desk import fair_checkin as office_fair_checkin
from marketplace.faces.office_desk import fair_meetings as office_fair_meetings
from marketplace.faces.office_desk import fair_pages as office_fairs
from marketplace.faces.office_desk import fair_programme as office_fair_programme
from marketplace.faces.office_desk import fair_report as office_fair_report
from marketplace.faces.office_desk import fair_visitors as office_fair_visitors
from marketplace.faces.office_desk import featured_choice as office_featured_choice
from marketplace.faces.office_desk import featured_pages as office_featured
from marketplace.faces.office_desk import floorplan_pages as office_floorplan
from marketplace.faces.office_desk import imports as office_imports
from marketplace.faces.office_desk import listing_edits as office_edits
from marketplace.faces.office_desk import listing_history as office_history
from marketplace.faces.office_desk import listing_pages as office_listings
from marketplace.faces.office_desk import match_pages as office_matches
from marketplace.faces.office_desk import news_pages as office_news
from marketplace.faces.office_desk import newsletter_pages as office_newsletter
from marketplace.faces.office_desk import notice_pages as office_notices
from marketplace.faces.office_desk import order_pages as office_orders
from marketplace.faces.office_desk import outcome_pages as office_outcomes
from marketplace.faces.office_desk import outreach_pages as office_activities
from marketplace.faces.office_desk import payments as office_payments
from marketplace.faces.office_desk import payout_pages as office_payouts
from marketplace.faces.office_desk import point_pages as office_points
from marketplace.faces.office_desk import point_visits as office_point_visits
from marketplace.faces.office_desk import producer_pages as office_producers
from marketplace.faces.office_desk import programme_pages as office_programme
from marketplace.faces.office_desk import programme_report as office_programme_report
from marketplace.faces.office_desk import programme_rows as office_programme_rows
from marketplace.faces.office_desk import queue_pages as office_queue
from marketplace.faces.office_desk import reconcile_page as office_reconcile
from marketplace.faces.office_desk import register as office_register
from marketplace.faces.office_desk import review_pages as office_reviews
from marketplace.faces.office_desk import rounds as office_rounds
from marketplace.faces.office_desk import rule_pages as office_rules
from marketplace.faces.office_desk import settings_page as office_settings
from marketplace.faces.office_desk import sittings as office_sittings
from marketplace.faces.office_desk import statements as office_statements
from marketplace.faces.office_desk import support_pages as office_support
from marketplace.faces.office_desk import user_pages as office_users
from marketplace.faces.office_desk import views as office_desk
from marketplace.faces.office_desk import voucher_pages as office_vouchers
from marketplace.faces.operations import crawlers
from marketplace.faces.operations import views as operations
from marketplace.faces.own_data import views as own_data
from marketplace.faces.point_desk import views as point_desk
from marketplace.faces.producer_desk import booking_pages as producer_bookings
from marketplace.faces.producer_desk import campaign_pages as producer_campaigns
from marketplace.faces.producer_desk import deal_pages as producer_deals
from marketplace.faces.producer_desk import dossier_pages as producer_dossiers
from marketplace.faces.producer_desk import evidence_pages as producer_evidence
from marketplace.faces.producer_desk import export_pages as producer_export
from marketplace.faces.producer_desk import fair_pages as producer_fairs
from marketplace.faces.producer_desk import fair_summary as producer_fair_summary
from marketplace.faces.producer_desk import goods_files as producer_goods
from marketplace.faces.producer_desk import grid_pages as producer_grid
from marketplace.faces.producer_desk import lead_pages as producer_leads
from marketplace.faces.producer_desk import listing_history as producer_history
from marketplace.faces.producer_desk import listing_pages as producer_listings
from marketplace.faces.producer_desk import listing_preview as producer_preview
from marketplace.faces.producer_desk import listing_selling as producer_selling
from marketplace.faces.producer_desk import match_pages as producer_matches
from marketplace.faces.producer_desk import meeting_pages as producer_meetings
from marketplace.faces.producer_desk import offer_pages as producer_offers
from marketplace.faces.producer_desk import onboarding_pages as producer_onboarding
from marketplace.faces.producer_desk import paper_pages as producer_papers
from marketplace.faces.producer_desk import picture_pages as producer_pictures
from marketplace.faces.producer_desk import profile_page as producer_profile
from marketplace.faces.producer_desk import review_pages as producer_reviews
from marketplace.faces.producer_desk import stand_pages as producer_stand
from marketplace.faces.producer_desk import statement_page as producer_payouts
from marketplace.faces.producer_desk import stock_pages as producer_stock
from marketplace.faces.producer_desk import views as producer_desk
from marketplace.faces.producer_desk import voucher_pages as producer_vouchers
from marketplace.faces.producer_desk import wanted_pages as producer_demands
from marketplace.faces.storefront import (
    age,
    certificate_pages,
    checkin_pages,
    collection_pages,
    fair_pages,
    feedback_pages,
    floorplan_pages,
    news_pages,
    newsletter_leaving,
    newsletter_pages,
    notice_pages,
    point_pages,
    sheet_pages,
    stand_pages,
    ticket_pages,
)
from marketplace.faces.storefront import views as storefront
from marketplace.office.legal import views as legal
from marketplace.people.accounts import views as accounts
from marketplace.people.addresses import views as addresses
from marketplace.people.papers import views as papers
from marketplace.people.places import views as places
from marketplace.people.producers import views as registration
from marketplace.people.second_factor import views as second_factor
from marketplace.platform.media import views as media
from marketplace.shop.art import views as art
from marketplace.shop.bank import views as bank
from marketplace.shop.bookings import views as bookings
from marketplace.shop.checkout import pickup_pages as checkout_pickup
from marketplace.shop.checkout import views as checkout
from marketplace.shop.orders import views as orders
from marketplace.shop.payments import pages as payment_pages
from marketplace.shop.payments import views as payments
from marketplace.shop.reviews import views as reviews

PAGES = (
    media,
    places,
    accounts,
    second_factor,
    registration,
    papers,
    art,
    orders,
    reviews,
    payments,
    payment_pages,
    bank,
    checkout,
    checkout_pickup,
    age,
    storefront,
    certificate_pages,
    producer_desk,
    producer_listings,
    producer_preview,
    producer_history,
    producer_selling,
    producer_pictures,
    producer_papers,
    producer_onboarding,
    producer_dossiers,
    producer_evidence,
    producer_profile,
    producer_stock,
    producer_grid,
    producer_vouchers,
    producer_goods,
    producer_bookings,
    producer_reviews,
    bookings,
    office_desk,
    office_users,
    office_settings,
    office_queue,
    office_audit,
    office_producers,
    office_listings,
    office_reviews,
    office_dossiers,
    office_rounds,
    office_councils,
    office_sittings,
    council_table,
    office_history,
    office_edits,
    api,
    api_fairs,
    api_points,
    api_totals,
    operations,
    crawlers,
    legal,
    office_imports,
    addresses,
    distributor_desk,
    distributor_matches,
    distributor_campaigns,
    office_campaigns,
    office_outcomes,
    office_campaign_day,
    producer_campaigns,
    office_matches,
    producer_matches,
    members,
    acting,
    own_data,
    office_register,
    office_decisions,
    office_rules,
    office_reconcile,
    office_accounts,
    office_commission,
    office_orders,
    office_payouts,
    office_money,
    producer_payouts,
    office_payments,
    office_statements,
    office_vouchers,
    distributor_demands,
    office_distributors,
    office_demands,
    producer_offers,
    producer_demands,
    distributor_deals,
    producer_deals,
    office_deals,
    distributor_meetings,
    producer_meetings,
    sheet_pages,
    producer_export,
    office_export,
    office_catalogue,
    distributor_catalogue,
    collection_pages,
    fair_pages,
    office_fairs,
    office_fair_programme,
    producer_fairs,
    office_exhibitors,
    office_exhibitor,
    office_booths,
    producer_stand,
    stand_pages,
    ticket_pages,
    checkin_pages,
    office_fair_visitors,
    office_fair_checkin,
    office_fair_report,
    office_fair_meetings,
    producer_fair_summary,
    feedback_pages,
    producer_leads,
    floorplan_pages,
    office_floorplan,
    office_featured,
    office_featured_choice,
    office_collections,
    office_activities,
    office_programme,
    office_programme_report,
    office_programme_rows,
    office_support,
    point_pages,
    point_desk,
    office_points,
    office_point_visits,
    news_pages,
    newsletter_pages,
    newsletter_leaving,
    notice_pages,
    office_news,
    office_notices,
    office_newsletter,
)
