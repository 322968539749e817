-- How a partner stands with delegated administration is counted as it changes (rule
-- F15): here what there is already. A day is its number since 1970.

-- +goose Up
INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'gdap.status.' || status, COUNT(*) FROM gdap_relationships
    WHERE NOT (source = 'provider' AND status = 'created') GROUP BY partner_id, status;
INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'gdap.end.' || CAST(ends_at / 86400000000 AS TEXT), COUNT(*) FROM gdap_relationships
    WHERE status = 'active' GROUP BY partner_id, ends_at / 86400000000;
INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'gdap.over.' || CAST(ended_at / 86400000000 AS TEXT), COUNT(*) FROM gdap_relationships
    WHERE status = 'expired' AND activated_at > 0 GROUP BY partner_id, ended_at / 86400000000;
INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'gdap.customers', COUNT(DISTINCT customer_id) FROM gdap_relationships WHERE status = 'active' GROUP BY partner_id;
INSERT INTO counters (owner, name, value)
    SELECT partner_id, 'gdap.set.' || roles, COUNT(*) FROM gdap_relationships
    WHERE status = 'active' AND roles IN ('2023-seller', '2023-reseller') GROUP BY partner_id, roles;
INSERT INTO counters (owner, name, value)
    SELECT g.partner_id, 'gdap.role.' || r.id, COUNT(*) FROM gdap_relationships g JOIN (
        SELECT 'db506228-d27e-4b7d-95e5-295956d6615f' AS id UNION ALL
        SELECT 'adb2368d-a9be-41b5-8667-d96778e081b0' AS id UNION ALL
        SELECT '6b942400-691f-4bf0-9d12-d8a254a2baf5' AS id UNION ALL
        SELECT 'd2562ede-74db-457e-a7b6-544e236ebb61' AS id UNION ALL
        SELECT '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3' AS id UNION ALL
        SELECT 'cf1c38e5-3621-4004-a7cb-879624dced7c' AS id UNION ALL
        SELECT '9c6df0f2-1e7c-4dc3-b195-66dfbd24aa8f' AS id UNION ALL
        SELECT 'c430b396-e693-46cc-96f3-db01bf8bb62a' AS id UNION ALL
        SELECT '58a13ea3-c632-46ae-9ee0-9c0d43cd7f3d' AS id UNION ALL
        SELECT 'ffd52fa5-98dc-465c-991d-fc073eb59f8f' AS id UNION ALL
        SELECT '8424c6f0-a189-499e-bbd0-26c1753c96d4' AS id UNION ALL
        SELECT '1d336d2c-4ae8-42ef-9711-b3604ce3fc2c' AS id UNION ALL
        SELECT '5b784334-f94b-471a-a387-e7219fc49ca2' AS id UNION ALL
        SELECT '9c99539d-8186-4804-835f-fd51ef9e2dcd' AS id UNION ALL
        SELECT 'ecb2c6bf-0ab6-418e-bd87-7986f8d63bbe' AS id UNION ALL
        SELECT '422218e4-db15-4ef9-bbe0-8afb41546d79' AS id UNION ALL
        SELECT 'c4e39bd9-1100-46d3-8c65-fb160da0071f' AS id UNION ALL
        SELECT '25a516ed-2fa0-40ea-a2d0-12923a21473a' AS id UNION ALL
        SELECT '0526716b-113d-4c15-b2c8-68e3c22b9f80' AS id UNION ALL
        SELECT 'e3973bdf-4987-49ae-837a-ba8e231c7286' AS id UNION ALL
        SELECT '7495fdc4-34c4-4d15-a289-98788ce399fd' AS id UNION ALL
        SELECT 'aaf43236-0c0d-4d5f-883a-6955382ac081' AS id UNION ALL
        SELECT '3edaf663-341e-4475-9f94-5c398ef6c070' AS id UNION ALL
        SELECT 'b0f54661-2d74-4c50-afa3-1ec803f12efe' AS id UNION ALL
        SELECT '892c5842-a9a6-463a-8041-72aa08ca3cf6' AS id UNION ALL
        SELECT '158c047a-c907-4556-b7ef-446551a6b5f7' AS id UNION ALL
        SELECT '7698a772-787b-4ac8-901f-60d6b08affd2' AS id UNION ALL
        SELECT '17315797-102d-40b4-93e0-432062caca18' AS id UNION ALL
        SELECT 'e6d1a23a-da11-4be4-9570-befc86d067a7' AS id UNION ALL
        SELECT 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9' AS id UNION ALL
        SELECT '5c4f9dcd-47dc-4cf7-8c9a-9e4207cbfc91' AS id UNION ALL
        SELECT '38a96431-2bdf-4b4c-8b6e-5d3d8abac1a4' AS id UNION ALL
        SELECT '88d8e3e3-8f55-4a1e-953a-9b9898b8876b' AS id UNION ALL
        SELECT 'd29b2b05-8046-44ba-8758-1e26182fcf32' AS id UNION ALL
        SELECT '9360feb5-f418-4baa-8175-e2a00bac4301' AS id UNION ALL
        SELECT '8329153b-31d0-4727-b945-745eb3bc5f31' AS id UNION ALL
        SELECT 'e93e3737-fa85-474a-aee4-7d3fb86510f3' AS id UNION ALL
        SELECT '44367163-eba1-44c3-98af-f5787879f96a' AS id UNION ALL
        SELECT '963797fb-eb3b-4cde-8ce3-5878b3f32a3f' AS id UNION ALL
        SELECT '3f1acade-1e04-4fbc-9b69-f0302cd84aef' AS id UNION ALL
        SELECT '29232cdf-9323-42fd-ade2-1d097af3e4de' AS id UNION ALL
        SELECT '49eb8f75-97e9-4e37-9b2b-6c3ebfcffa31' AS id UNION ALL
        SELECT '31392ffb-586c-42d1-9346-e59415a2cc4e' AS id UNION ALL
        SELECT 'dd13091a-6207-4fc0-82ba-3641e056ab95' AS id UNION ALL
        SELECT '6e591065-9bad-43ed-90f3-e9424366d2f0' AS id UNION ALL
        SELECT '0f971eea-41eb-4569-a71e-57bb8a3eff1e' AS id UNION ALL
        SELECT 'be2f45a1-457d-42af-a067-6ec1fa63bc45' AS id UNION ALL
        SELECT 'a9ea8996-122f-4c74-9520-8edcd192826c' AS id UNION ALL
        SELECT '62e90394-69f5-4237-9190-012177145e10' AS id UNION ALL
        SELECT 'f2ef992c-3afb-46b9-b7cf-a126ee74c451' AS id UNION ALL
        SELECT 'ac434307-12b9-4fa1-a708-88bf58caabc1' AS id UNION ALL
        SELECT '843318fb-79a6-4168-9e6f-aa9a07481cc4' AS id UNION ALL
        SELECT 'fdd7a751-b60b-444a-984c-02652fe8fa1c' AS id UNION ALL
        SELECT '95e79109-95c0-4d8e-aee3-d01accf2d47b' AS id UNION ALL
        SELECT '729827e3-9c14-49f7-bb1b-9608f156bbb8' AS id UNION ALL
        SELECT '8ac3fc64-6eca-42ea-9e69-59f4c7b60eb2' AS id UNION ALL
        SELECT '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e' AS id UNION ALL
        SELECT 'eb1f4a8d-243a-41f0-9fbd-c7cdf6c5ef7c' AS id UNION ALL
        SELECT '25df335f-86eb-4119-b717-0ff02de207e9' AS id UNION ALL
        SELECT '31e939ad-9672-4796-9c2e-873181342d2d' AS id UNION ALL
        SELECT '3a2c62db-5318-420d-8d74-23affee5d9d5' AS id UNION ALL
        SELECT '2ea5ce4c-b2d8-4668-bd81-3680bd2d227a' AS id UNION ALL
        SELECT '74ef975b-6605-40af-a5d2-b9539d836353' AS id UNION ALL
        SELECT 'b5a8dcf3-09d5-43a9-a639-8e29ef291470' AS id UNION ALL
        SELECT '744ec460-397e-42ad-a462-8b3f9747a02c' AS id UNION ALL
        SELECT '4d6ac14f-3453-41d0-bef9-a3e0c569773a' AS id UNION ALL
        SELECT '59d46f88-662b-457b-bceb-5c3809e5908f' AS id UNION ALL
        SELECT 'ac16e43d-7b2d-40e0-ac05-243ff356ab5b' AS id UNION ALL
        SELECT '790c1fb9-7f7d-4f88-86a1-ef1f95c05c1b' AS id UNION ALL
        SELECT '1707125e-0aa2-4d4d-8655-a7c786c76a25' AS id UNION ALL
        SELECT '8c8b803f-96e1-4129-9349-20738d9f9652' AS id UNION ALL
        SELECT '00cf5c54-4693-4f59-a0ac-ab79ef0a974d' AS id UNION ALL
        SELECT '9f06204d-73c1-4d4c-880a-6edb90606fd8' AS id UNION ALL
        SELECT 'ee67aa9c-e510-4759-b906-227085a7fd4d' AS id UNION ALL
        SELECT '1501b917-7653-4ff9-a4b5-203eaf33784f' AS id UNION ALL
        SELECT '281fe777-fb20-4fbb-b7a3-ccebce5b0d96' AS id UNION ALL
        SELECT 'd37c8bed-0711-4417-ba38-b4abe66ce4c2' AS id UNION ALL
        SELECT '2b745bdf-0803-4d80-aa65-822c4493daac' AS id UNION ALL
        SELECT '92ed04bf-c94a-4b82-9729-b799a7a4c178' AS id UNION ALL
        SELECT '9d70768a-0cbc-4b4c-aea3-2e124b2477f4' AS id UNION ALL
        SELECT 'e48398e2-f4bb-4074-8f31-4586725e205b' AS id UNION ALL
        SELECT '507f53e4-4e52-4077-abd3-d2e1558b6ea2' AS id UNION ALL
        SELECT '4ba39ca4-527c-499a-b93d-d9b492c50246' AS id UNION ALL
        SELECT 'e00e864a-17c5-4a4b-9c06-f5b95a8d5bd8' AS id UNION ALL
        SELECT '966707d0-3269-4727-9be2-8c3a10f19b9d' AS id UNION ALL
        SELECT '024906de-61e5-49c8-8572-40335f1e0e10' AS id UNION ALL
        SELECT 'af78dc32-cf4d-46f9-ba4e-4428526346b5' AS id UNION ALL
        SELECT '78b0ccd1-afc2-4f92-9116-b41aedd09592' AS id UNION ALL
        SELECT '11648597-926c-4cf3-9c36-bcebb0ba8dcc' AS id UNION ALL
        SELECT '644ef478-e28f-4e28-b9dc-3fdde9aa0b1f' AS id UNION ALL
        SELECT 'e8cef6f1-e4bd-4ea8-bc07-4b8d950f4477' AS id UNION ALL
        SELECT '7be44c8a-adaf-4e2a-84d6-ab2649e08a13' AS id UNION ALL
        SELECT 'e8611ab8-c189-46e8-94e1-60213ab1f814' AS id UNION ALL
        SELECT '4a5d8f65-41da-4de4-8968-e035b65339cf' AS id UNION ALL
        SELECT '0964bb5e-9bdb-4d7b-ac29-58e794862a40' AS id UNION ALL
        SELECT '8835291a-918c-4fd7-a9ce-faa49f0cf7d9' AS id UNION ALL
        SELECT '194ae4cb-b126-40b2-bd5b-6091b380977d' AS id UNION ALL
        SELECT '5f2222b1-57c3-48ba-8ad5-d4759f1fde6f' AS id UNION ALL
        SELECT '5d6b6bb7-de71-4623-b4af-96380a352509' AS id UNION ALL
        SELECT 'f023fd81-a637-4b56-95fd-791ac0226033' AS id UNION ALL
        SELECT 'f28a1f50-f6e7-4571-818b-6a12f2af6b6c' AS id UNION ALL
        SELECT '99009c4a-3b3f-4957-82a9-9d35e12db77e' AS id UNION ALL
        SELECT '9d3e04ba-3ee4-4d1b-a3a7-9aef423a09be' AS id UNION ALL
        SELECT '1a7d78b6-429f-476b-b8eb-35fb715fffd4' AS id UNION ALL
        SELECT '75941009-915a-4869-abe7-691bff18279e' AS id UNION ALL
        SELECT '69091246-20e8-4a56-aa4d-066075b2a7a8' AS id UNION ALL
        SELECT 'baf37b3a-610e-45da-9e62-d9d1e5e8914b' AS id UNION ALL
        SELECT 'f70938a0-fc10-4177-9e90-2178f8765737' AS id UNION ALL
        SELECT 'fcf91098-03e3-41a9-b5ba-6f0ec8188a12' AS id UNION ALL
        SELECT '3d762c5a-1b6c-493f-843e-55a3b42923d4' AS id UNION ALL
        SELECT '1076ac91-f3d9-41a7-a339-dcdf5f480acc' AS id UNION ALL
        SELECT 'aa38014f-0993-46e9-9b45-30501a20909d' AS id UNION ALL
        SELECT '112ca1a2-15ad-4102-995e-45b0bc479a6a' AS id UNION ALL
        SELECT '75934031-6c7e-415a-99d7-48dbd49e875e' AS id UNION ALL
        SELECT 'fe930be7-5e62-47db-91af-98c3a49a38b1' AS id UNION ALL
        SELECT '27460883-1df1-4691-b032-3b79643e5e63' AS id UNION ALL
        SELECT 'e300d9e7-4a2b-4295-9eff-f1c78b36cc98' AS id UNION ALL
        SELECT '0ec3f692-38d6-4d14-9e69-0377ca7797ad' AS id UNION ALL
        SELECT '92b086b3-e367-4ef2-b869-1de128fb986e' AS id UNION ALL
        SELECT '87761b17-1ed2-4af3-9acd-92a150038160' AS id UNION ALL
        SELECT '11451d60-acb2-45eb-a7d6-43d0f0125c13' AS id UNION ALL
        SELECT '32696413-001a-46ae-978c-ce0f6b3620d2' AS id UNION ALL
        SELECT '810a2642-a034-447f-a5e8-41beaa378541' AS id
    ) r ON g.roles LIKE '%' || r.id || '%'
    WHERE g.status = 'active' GROUP BY g.partner_id, r.id;
