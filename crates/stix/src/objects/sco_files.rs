//! The observable objects of STIX 2.1 §6 that stand on disks, and their extensions.

use super::{EncryptionAlgorithm, WindowsPeBinaryType, WindowsRegistryDatatype, rules};
use crate::{
    Id,
    schema::{
        Binary, Dictionary, Float, Hashes, Hex, List, Natural, Raw, Rule, Time, Url, nested, object,
    },
};

object! {
    /// Bytes, or where they can be had (STIX 2.1 §6.1).
    Artifact "artifact", "6.1", Observable {
        optional {
            /// What the bytes are: a media type.
            mime_type: String,
            /// The bytes.
            payload_bin: Binary,
            /// Where the bytes can be had.
            url: Url,
            /// The digests of the bytes.
            hashes: Hashes,
            /// How the bytes are encrypted.
            encryption_algorithm: EncryptionAlgorithm,
            /// What decrypts them.
            decryption_key: String,
        }
    }
    rules [
        Rule::AtLeastOne(&["payload_bin", "url"]),
        Rule::AtMostOne(&["payload_bin", "url"]),
        Rule::Requires("url", "hashes"),
        Rule::Requires("decryption_key", "encryption_algorithm"),
    ]
    id ["hashes", "payload_bin"]
}

object! {
    /// A directory of a file system (STIX 2.1 §6.3).
    Directory "directory", "6.3", Observable {
        required {
            /// Its path, as it was observed.
            path: String,
        }
        optional {
            /// The encoding that the path was observed in.
            path_enc: String,
            /// When it was created.
            ctime: Time,
            /// When it was last written to.
            mtime: Time,
            /// When it was last read.
            atime: Time,
            /// What lies in it.
            contains_refs: List<Id> => ["file", "directory"],
        }
    }
    id ["path"]
}

object! {
    /// A file (STIX 2.1 §6.7).
    File "file", "6.7", Observable {
        optional {
            /// The digests of its bytes.
            hashes: Hashes,
            /// How many bytes it has.
            size: Natural,
            /// Its name, without a path.
            name: String,
            /// The encoding that the name was observed in.
            name_enc: String,
            /// The bytes at its beginning that tell its format.
            magic_number_hex: Hex,
            /// What it holds: a media type.
            mime_type: String,
            /// When it was created.
            ctime: Time,
            /// When it was last written to.
            mtime: Time,
            /// When it was last read.
            atime: Time,
            /// The directory that it lies in.
            parent_directory_ref: Id => ["directory"],
            /// What it contains beside other things.
            contains_refs: List<Id> => ["sco"],
            /// Its bytes.
            content_ref: Id => ["artifact"],
        }
    }
    rules [Rule::AtLeastOne(&["hashes", "name"]), Rule::Requires("name_enc", "name")]
    id ["hashes", "name", "extensions", "parent_directory_ref"]
    extensions [
        &ArchiveExt::SCHEMA,
        &NtfsExt::SCHEMA,
        &PdfExt::SCHEMA,
        &RasterImageExt::SCHEMA,
        &WindowsPeBinaryExt::SCHEMA,
    ]
}

nested! {
    /// What a file has more if it is an archive (STIX 2.1 §6.7.2).
    ArchiveExt "archive-ext", "6.7.2", Extension {
        required {
            /// What it contains.
            contains_refs: List<Id> => ["file", "directory"],
        }
        optional {
            /// The comment in it.
            comment: String,
        }
    }
    rules [Rule::Code(rules::archive)]
}

nested! {
    /// What a file has more on NTFS (STIX 2.1 §6.7.3).
    NtfsExt "ntfs-ext", "6.7.3", Extension {
        optional {
            /// The security id of its owner.
            sid: String,
            /// Its further streams.
            alternate_data_streams: List<AlternateDataStream>,
        }
    }
    rules [Rule::AtLeastOne(&["sid", "alternate_data_streams"])]
}

nested! {
    /// A further stream of a file on NTFS (STIX 2.1 §6.7.3.2).
    AlternateDataStream "alternate-data-stream-type", "6.7.3.2" {
        required {
            /// Its name.
            name: String,
        }
        optional {
            /// The digests of its bytes.
            hashes: Hashes,
            /// How many bytes it has.
            size: Natural,
        }
    }
}

nested! {
    /// What a file has more if it is a PDF (STIX 2.1 §6.7.4).
    PdfExt "pdf-ext", "6.7.4", Extension {
        optional {
            /// The version of PDF in its head.
            version: String,
            /// Whether it was optimized.
            is_optimized: bool,
            /// Its document information.
            document_info_dict: Dictionary<String>,
            /// The first of its identifiers.
            pdfid0: String,
            /// The second of its identifiers.
            pdfid1: String,
        }
    }
    rules [Rule::AtLeastOne(&["version", "is_optimized", "document_info_dict", "pdfid0", "pdfid1"])]
}

nested! {
    /// What a file has more if it is an image of pixels (STIX 2.1 §6.7.5).
    RasterImageExt "raster-image-ext", "6.7.5", Extension {
        optional {
            /// Pixels from top to bottom.
            image_height: i64,
            /// Pixels from left to right.
            image_width: i64,
            /// Bits of one pixel.
            bits_per_pixel: i64,
            /// Its EXIF tags: numbers and texts.
            exif_tags: Dictionary<Raw>,
        }
    }
    rules [
        Rule::AtLeastOne(&["image_height", "image_width", "bits_per_pixel", "exif_tags"]),
        Rule::Code(rules::raster_image),
    ]
}

nested! {
    /// What a file has more if Windows can run it (STIX 2.1 §6.7.6).
    WindowsPeBinaryExt "windows-pebinary-ext", "6.7.6", Extension {
        required {
            /// What it is.
            pe_type: WindowsPeBinaryType,
        }
        optional {
            /// The digest of its imports.
            imphash: String,
            /// The processor that it is for.
            machine_hex: Hex,
            /// How many sections it has.
            number_of_sections: Natural,
            /// When it was built.
            time_date_stamp: Time,
            /// Where its symbols are.
            pointer_to_symbol_table_hex: Hex,
            /// How many symbols it has.
            number_of_symbols: Natural,
            /// How many bytes its optional header has.
            size_of_optional_header: Natural,
            /// Its flags.
            characteristics_hex: Hex,
            /// The digests of its head.
            file_header_hashes: Hashes,
            /// Its optional header.
            optional_header: WindowsPeOptionalHeader,
            /// Its sections.
            sections: List<WindowsPeSection>,
        }
    }
    rules [
        Rule::AtLeastOne(&[
            "imphash",
            "machine_hex",
            "number_of_sections",
            "time_date_stamp",
            "pointer_to_symbol_table_hex",
            "number_of_symbols",
            "size_of_optional_header",
            "characteristics_hex",
            "file_header_hashes",
            "optional_header",
            "sections",
        ]),
        Rule::Code(rules::windows_pe_binary),
    ]
}

nested! {
    /// The optional header of a Windows binary (STIX 2.1 §6.7.6.2).
    WindowsPeOptionalHeader "windows-pe-optional-header-type", "6.7.6.2" {
        optional {
            /// What kind of binary it is.
            magic_hex: Hex,
            /// The linker's version before the point.
            major_linker_version: i64,
            /// The linker's version behind the point.
            minor_linker_version: i64,
            /// Bytes of code.
            size_of_code: Natural,
            /// Bytes of data with values.
            size_of_initialized_data: Natural,
            /// Bytes of data without values.
            size_of_uninitialized_data: Natural,
            /// Where it begins to run.
            address_of_entry_point: i64,
            /// Where the code begins.
            base_of_code: i64,
            /// Where the data begins.
            base_of_data: i64,
            /// Where it would like to be loaded.
            image_base: i64,
            /// What sections are aligned to in memory.
            section_alignment: i64,
            /// What sections are aligned to in the file.
            file_alignment: i64,
            /// The system's version before the point.
            major_os_version: i64,
            /// The system's version behind the point.
            minor_os_version: i64,
            /// Its own version before the point.
            major_image_version: i64,
            /// Its own version behind the point.
            minor_image_version: i64,
            /// The subsystem's version before the point.
            major_subsystem_version: i64,
            /// The subsystem's version behind the point.
            minor_subsystem_version: i64,
            /// The reserved version of Win32.
            win32_version_value_hex: Hex,
            /// Bytes in memory, heads included.
            size_of_image: Natural,
            /// Bytes of all heads.
            size_of_headers: Natural,
            /// Its checksum.
            checksum_hex: Hex,
            /// The subsystem that runs it.
            subsystem_hex: Hex,
            /// Its flags as a library.
            dll_characteristics_hex: Hex,
            /// Bytes of stack to reserve.
            size_of_stack_reserve: Natural,
            /// Bytes of stack to commit.
            size_of_stack_commit: Natural,
            /// Bytes of heap to reserve.
            size_of_heap_reserve: Natural,
            /// Bytes of heap to commit.
            size_of_heap_commit: Natural,
            /// The reserved flags of the loader.
            loader_flags_hex: Hex,
            /// How many entries of data directories follow.
            number_of_rva_and_sizes: i64,
            /// The digests of the header.
            hashes: Hashes,
        }
    }
    rules [Rule::AtLeastOne(&[
        "magic_hex",
        "major_linker_version",
        "minor_linker_version",
        "size_of_code",
        "size_of_initialized_data",
        "size_of_uninitialized_data",
        "address_of_entry_point",
        "base_of_code",
        "base_of_data",
        "image_base",
        "section_alignment",
        "file_alignment",
        "major_os_version",
        "minor_os_version",
        "major_image_version",
        "minor_image_version",
        "major_subsystem_version",
        "minor_subsystem_version",
        "win32_version_value_hex",
        "size_of_image",
        "size_of_headers",
        "checksum_hex",
        "subsystem_hex",
        "dll_characteristics_hex",
        "size_of_stack_reserve",
        "size_of_stack_commit",
        "size_of_heap_reserve",
        "size_of_heap_commit",
        "loader_flags_hex",
        "number_of_rva_and_sizes",
        "hashes",
    ])]
}

nested! {
    /// A section of a Windows binary (STIX 2.1 §6.7.6.3).
    WindowsPeSection "windows-pe-section-type", "6.7.6.3" {
        required {
            /// Its name.
            name: String,
        }
        optional {
            /// How many bytes it has.
            size: Natural,
            /// The entropy of its bytes.
            entropy: Float,
            /// The digests of its bytes.
            hashes: Hashes,
        }
    }
}

object! {
    /// A key of the Windows registry (STIX 2.1 §6.17).
    WindowsRegistryKey "windows-registry-key", "6.17", Observable {
        optional {
            /// The key, its hive written in full.
            key: String,
            /// What stands under it.
            values: List<WindowsRegistryValue>,
            /// When it was last written to.
            modified_time: Time,
            /// Who created it.
            creator_user_ref: Id => ["user-account"],
            /// How many keys it has below it.
            number_of_subkeys: i64,
        }
    }
    rules [
        Rule::AtLeastOne(&[
            "key", "values", "modified_time", "creator_user_ref", "number_of_subkeys",
        ]),
        Rule::Code(rules::windows_registry_key),
    ]
    id ["key", "values"]
}

nested! {
    /// A value in the Windows registry (STIX 2.1 §6.17.2).
    WindowsRegistryValue "windows-registry-value-type", "6.17.2" {
        optional {
            /// Its name; empty for the default value.
            name: String,
            /// What it holds.
            data: String,
            /// How it holds it.
            data_type: WindowsRegistryDatatype,
        }
    }
    rules [Rule::AtLeastOne(&["name", "data", "data_type"])]
}
